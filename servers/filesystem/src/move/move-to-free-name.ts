import { link, lstat, open, readlink, rename, symlink, unlink } from "node:fs/promises";
import { errnoOf, type Place } from "@mcp-reference/security";
import { ToolError } from "@mcp-reference/validation";
import type { FilledPlace } from "./move-path.js";

const NO_HARD_LINKS = new Set(["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK"]);

/** Moves to a name that must be free, also against other processes: `rename` alone would replace what is there. */
export async function moveToFreeName(from: FilledPlace, to: Place, destination: string): Promise<void> {
  if (to.stats) throw alreadyExists(destination);
  const [old, fresh] = [from.directory.at(from.name), to.directory.at(to.name)];
  // A directory cannot be linked; all that its renaming could replace is a directory just made and still empty.
  if (from.stats.isDirectory()) return rename(old, fresh);
  if (from.stats.isSymbolicLink()) {
    await symlink(await readlink(old), fresh);
    return unlink(old);
  }
  try {
    await link(old, fresh);
  } catch (error) {
    if (!NO_HARD_LINKS.has(errnoOf(error) ?? "")) throw error;
    return renameOntoReserved(old, fresh);
  }
  await unlinkMoved(old, fresh, from);
}

/** Takes the old name away, unless somebody has just given it to another file: that one must not be lost. */
async function unlinkMoved(old: string, fresh: string, { path }: FilledPlace): Promise<void> {
  const [left, moved] = await Promise.all([lstat(old), lstat(fresh)]);
  if (left.ino !== moved.ino || left.dev !== moved.dev) {
    throw new ToolError(
      "CONFLICT",
      `${JSON.stringify(path)} was replaced during the move: what it was has the new name now`,
    );
  }
  await unlink(old);
}

/** An empty file reserves the name, then gives way. */
async function renameOntoReserved(old: string, fresh: string): Promise<void> {
  await (await open(fresh, "wx", 0o600)).close();
  try {
    await rename(old, fresh);
  } catch (error) {
    await unlink(fresh);
    throw error;
  }
}

const alreadyExists = (destination: string) =>
  new ToolError("ALREADY_EXISTS", `${JSON.stringify(destination)} already exists`, {
    hint: "Choose another name, or set overwrite to true to replace a file",
  });
