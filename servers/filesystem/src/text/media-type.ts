import { isUtf8 } from "node:buffer";
import type { OpenFile } from "@mcp-reference/security";

const SNIFFED_BYTES = 4096;
const LONGEST_CHARACTER = 4;
const TEXT = "text/plain";
const BINARY = "application/octet-stream";

/** Containers that say less about a file than its name does. */
const GENERIC = new Set(["application/xml", "application/zip", "application/x-cfb", "application/gzip"]);

/** Types that are text although they are not called so. */
const TEXTUAL = /^text\/|[/+](json|xml|yaml|toml|sql|javascript|ecmascript|x-sh|x-httpd-php|x-tex)\b/;

/** Whether files of a MIME type are read as text. */
export const isTextual = (type: string) => TEXTUAL.test(type);

/** The MIME type of a file: by its first bytes, then by its name. */
export async function mediaTypeOf(file: OpenFile): Promise<string> {
  const { buffer, bytesRead } = await file.handle.read(Buffer.alloc(SNIFFED_BYTES), 0, SNIFFED_BYTES, 0);
  const start = buffer.subarray(0, bytesRead);
  const named = await mediaTypeByName(file.path);
  // `.ts` may be a transport stream, and `.rs` something else again: what reads as text is no video.
  if (looksLikeText(start)) return named && isTextual(named) ? named : TEXT;
  const { fileTypeFromBuffer } = await import("file-type");
  const sniffed = (await fileTypeFromBuffer(start))?.mime;
  if (sniffed && !(named && GENERIC.has(sniffed))) return sniffed;
  return named && !isTextual(named) ? named : BINARY;
}

/** The MIME type that a name promises, if any; the file is not looked at. */
export async function mediaTypeByName(name: string): Promise<string | undefined> {
  return (await types()).getType(name) ?? undefined;
}

/** The registry knows these endings as something else, or not at all. */
const SOURCE_CODE = {
  "text/x-typescript": ["ts", "mts", "cts"],
  "text/x-rust": ["rs"],
  "text/x-python": ["py"],
  "text/x-go": ["go"],
};

type Types = Pick<import("mime").Mime, "getType">;
let loaded: Promise<Types> | undefined;

function types(): Promise<Types> {
  loaded ??= Promise.all([import("mime"), import("mime/types/standard.js"), import("mime/types/other.js")]).then(
    ([{ Mime }, standard, other]) => new Mime(standard.default, other.default).define(SOURCE_CODE, true),
  );
  return loaded;
}

/** UTF-8 without null bytes, or UTF-16 by its mark. The last character may be cut off by the end of the sample. */
function looksLikeText(start: Buffer): boolean {
  if ((start[0] === 0xff && start[1] === 0xfe) || (start[0] === 0xfe && start[1] === 0xff)) return true;
  if (start.includes(0)) return false;
  if (start.length < SNIFFED_BYTES) return isUtf8(start);
  for (let cut = 0; cut < LONGEST_CHARACTER; cut++) {
    if (isUtf8(start.subarray(0, start.length - cut))) return true;
  }
  return false;
}
