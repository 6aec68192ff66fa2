import type { ByteString } from "../bytes/byte-string.js";

const ESCAPES: Readonly<Record<string, string>> = {
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  '"': '"',
  "\\": "\\",
};

/** Takes the quotes off a path that was quoted as in C; undefined where it is not quoted well. */
export function unquotePath(quoted: ByteString): ByteString | undefined {
  const inner = /^"((?:[^"\\]|\\.)*)"$/s.exec(quoted)?.[1];
  if (inner === undefined) return undefined;
  let wellFormed = true;
  const path = inner.replace(/\\([0-3][0-7]{2}|.)/gs, (_, escaped: string) => {
    if (escaped.length === 3) return String.fromCharCode(Number.parseInt(escaped, 8));
    wellFormed &&= escaped in ESCAPES;
    return ESCAPES[escaped] ?? "";
  });
  return wellFormed ? path : undefined;
}
