import type { ByteString } from "../../repository/bytes/byte-string.js";

/** The directory that a path lies in: `""` at the top. */
export const parentOf = (path: ByteString): ByteString => path.slice(0, Math.max(0, path.lastIndexOf("/")));

/** The last name of a path. */
export const nameOf = (path: ByteString): ByteString => path.slice(path.lastIndexOf("/") + 1);

/** Every directory above a path, the topmost first: `a`, `a/b` of `a/b/c`. */
export function* directoriesAbove(path: ByteString): Generator<ByteString> {
  for (let slash = path.indexOf("/"); slash >= 0; slash = path.indexOf("/", slash + 1)) yield path.slice(0, slash);
}

/** Is `path` the directory itself or below it? Everything is below `""`. */
export const isWithin = (directory: ByteString, path: ByteString): boolean =>
  directory === "" || path === directory || path.startsWith(`${directory}/`);

export const joined = (directory: ByteString, name: ByteString): ByteString =>
  directory === "" ? name : `${directory}/${name}`;
