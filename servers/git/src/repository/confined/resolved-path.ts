import { realpathSync } from "node:fs";
import { sep } from "node:path";
import { errnoOf } from "@mcp-reference/security";
import { type ByteString, fsPath } from "../bytes/byte-string.js";

const NOTHING_THERE: ReadonlySet<string> = new Set(["ENOENT", "ENOTDIR", "ELOOP", "EACCES", "EINVAL", "ENAMETOOLONG"]);

/** With `/` between names on every system. */
export const withSlashes = (path: ByteString): ByteString => (sep === "/" ? path : path.replaceAll(sep, "/"));

/** Absolute path without links. @throws the system's error, such as ENOENT */
export const resolvedPath = (path: ByteString): ByteString =>
  withSlashes(realpathSync.native(fsPath(path), "buffer").toString("latin1"));

/** As {@link resolvedPath}; undefined where there is nothing that may be seen. */
export function resolvedIfAny(path: ByteString): ByteString | undefined {
  try {
    return resolvedPath(path);
  } catch (error) {
    if (NOTHING_THERE.has(errnoOf(error) ?? "")) return undefined;
    throw error;
  }
}

/** Is a resolved path that directory or in it? */
export const isBelow = (path: ByteString, directory: ByteString): boolean =>
  path === directory || path.startsWith(directory.endsWith("/") ? directory : `${directory}/`);
