import { blame } from "../../repository/blame/blame.js";
import type { BlameGroup } from "../../repository/blame/types.js";
import { type ByteString, textOf } from "../../repository/bytes/byte-string.js";
import type { ObjectId } from "../../repository/object-id.js";
import type { Repository } from "../../repository/repository.js";
import { abbreviate } from "../../repository/revision/abbreviate.js";
import { resolveObject } from "../../repository/revision/resolve.js";
import { signatureDate } from "../commits/signature.js";
import { shownPath, shownText } from "../shown-text.js";

/** Characters of a line that are shown: what is generated has lines of any length. */
const LONGEST_LINE = 2000;

export interface BlameRequest {
  readonly commit: ObjectId;
  readonly path: ByteString;
  /** First and last line, from 1; the whole file unless given. */
  readonly from: number | undefined;
  readonly to: number | undefined;
  readonly maxBytes: number;
  readonly signal: AbortSignal;
}

/**
 * Lines as `12 1a2b3c4d 2026-01-31 Author: text`, as many as fit; where the lines of a commit go on, `"` stands for its columns.
 * @throws ToolError NOT_FOUND, INVALID_ARGUMENT
 */
export async function blameLines(repo: Repository, request: BlameRequest) {
  const { commit, path, from, to, maxBytes, signal } = request;
  const groups = await blame(repo, commit, path, { from, to, signal });
  const { text, replaced } = shownText(repo.objects.blob(resolveObject(repo, `${commit}:${textOf(path)}`).oid));
  const source = text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  const total = source.length;
  const lines: string[] = [];
  let room = maxBytes;
  for (const group of groups) {
    const origin = originOf(repo, group, path);
    for (let line = group.line; line < group.line + group.count; line++) {
      const shown = `${line} ${line === group.line ? origin : '"'}: ${shortened(source[line - 1] ?? "")}`;
      room -= Buffer.byteLength(shown) + 1;
      if (room < 0 && lines.length > 0) return { lines, next: line, total, replaced };
      lines.push(shown);
    }
  }
  return { lines, next: undefined, total, replaced };
}

const shortened = (line: string): string => {
  const bare = line.replace(/\r?\n$/, "");
  return bare.length > LONGEST_LINE ? `${bare.slice(0, LONGEST_LINE)}…` : bare;
};

/** `^` marks where history ends; a former name is given where the file had one. */
function originOf(repo: Repository, { commit, path, boundary }: BlameGroup, now: ByteString): string {
  const { author } = repo.objects.commit(commit);
  const former = path === now ? "" : ` (${shownPath(path)})`;
  return `${boundary ? "^" : ""}${abbreviate(repo, commit)} ${signatureDate(author).slice(0, 10)} ${textOf(author.name)}${former}`;
}
