import type { ByteString } from "../bytes/byte-string.js";
import type { Signature } from "./types.js";

/** What git shows for a person that a damaged object does not name. */
export const NOBODY: Signature = { name: "", email: "", seconds: 0, zone: "+0000" };

const DATE = /^\s*([0-9]+)\s+([+-][0-9]+)/;

/**
 * Reads `Name <email> seconds zone`, as git does where it is malformed: the email is what the first `<` and the next `>` enclose, the
 * date stands behind the last `>`, and one that cannot be read is 0.
 */
export function parseSignature(line: ByteString): Signature {
  const open = line.indexOf("<");
  const close = open < 0 ? -1 : line.indexOf(">", open);
  if (close < 0) return { ...NOBODY, name: line.trim() };
  const date = DATE.exec(line.slice(line.lastIndexOf(">") + 1));
  const seconds = Number(date?.[1] ?? 0);
  const valid = date !== null && Number.isSafeInteger(seconds);
  return {
    name: line.slice(0, open).replace(/\s+$/, ""),
    email: line.slice(open + 1, close),
    seconds: valid ? seconds : 0,
    zone: valid ? (date[2] ?? "+0000") : "+0000",
  };
}

/** The line that {@link parseSignature} reads. What would end the line or the email is left out, as git does. */
export function formatSignature({ name, email, seconds, zone }: Signature): ByteString {
  const shownName = name.replace(/[<>\n\0]/g, "");
  return `${shownName}${shownName === "" ? "" : " "}<${email.replace(/[<>\n\0]/g, "")}> ${seconds} ${zone}`;
}
