import { TextDecoder } from "node:util";
import type { Commit } from "../../repository/objects/types.js";

/** Bytes: nobody reads more of a message, and a commit can hold any amount. */
const LONGEST = 64 * 1024;

/** The message as text, whatever encoding the commit says it is in; of an absurdly long one the beginning. */
export function messageOf({ message, encoding }: Pick<Commit, "message" | "encoding">): string {
  return decoderFor(encoding).decode(Buffer.from(message.slice(0, LONGEST), "latin1"));
}

/** The first paragraph in one line, as git shows it. */
export const subjectOf = (commit: Pick<Commit, "message" | "encoding">): string =>
  messageOf(commit)
    .trimStart()
    .split(/\n\s*\n/, 1)[0]
    ?.replaceAll(/\s*\n\s*/g, " ")
    .trim() ?? "";

function decoderFor(encoding: string | undefined): TextDecoder {
  try {
    return new TextDecoder(encoding ?? "utf-8");
  } catch {
    return new TextDecoder();
  }
}
