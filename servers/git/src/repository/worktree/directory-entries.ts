import { lstatSync, readdirSync, type Stats } from "node:fs";
import { errnoOf } from "@mcp-reference/security";
import { type ByteString, fsPath } from "../bytes/byte-string.js";

/** Undefined where there is no such directory, or none that may be read. */
export function namesIn(path: ByteString): ByteString[] | undefined {
  try {
    return readdirSync(fsPath(path), "latin1");
  } catch (error) {
    if (["ENOENT", "ENOTDIR", "EACCES", "ENAMETOOLONG"].includes(errnoOf(error) ?? "")) return undefined;
    throw error;
  }
}

/** Undefined where there is nothing, or nothing that may be seen. */
export function lstatOf(path: ByteString): Stats | undefined {
  try {
    return lstatSync(fsPath(path), { throwIfNoEntry: false });
  } catch (error) {
    if (["ENOTDIR", "EACCES", "ENAMETOOLONG", "ELOOP"].includes(errnoOf(error) ?? "")) return undefined;
    throw error;
  }
}
