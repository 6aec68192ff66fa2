import type { Stats } from "node:fs";
import { stat } from "node:fs/promises";
import { errnoOf, type PathSandbox } from "@mcp-reference/security";
import { ToolError } from "@mcp-reference/validation";

/**
 * What a path stands for in the end, links resolved: a file or a directory that may be read. Undefined for anything
 * else: a link to the outside or to nothing, a secret, a FIFO.
 */
export async function statBehind(sandbox: PathSandbox, path: string): Promise<Stats | undefined> {
  try {
    const stats = await statInside(sandbox, path);
    return stats?.isFile() || stats?.isDirectory() ? stats : undefined;
  } catch (error) {
    if (error instanceof ToolError || errnoOf(error) !== undefined) return undefined;
    throw error;
  }
}

async function statInside(sandbox: PathSandbox, path: string): Promise<Stats | undefined> {
  try {
    const place = await sandbox.place(path);
    await place.close();
    return place.stats;
  } catch (error) {
    const isRoot = error instanceof ToolError && error.code === "INVALID_ARGUMENT"; // which has no place
    if (!isRoot) throw error;
  }
  const directory = await sandbox.openDirectory(path);
  try {
    return await stat(directory.at());
  } finally {
    await directory.close();
  }
}
