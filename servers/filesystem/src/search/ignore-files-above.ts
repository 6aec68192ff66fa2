import { basename, dirname, join } from "node:path";
import type { OpenDirectory, PathSandbox } from "@mcp-reference/security";
import { ToolError } from "@mcp-reference/validation";
import { MAX_IGNORE_FILE_BYTES } from "../walk/ignore-rules.js";
import type { IgnoreFile } from "../walk/tasks.js";

/**
 * The `.gitignore` files of the directories above a start, nearest first: up to the one that holds `.git`, and never
 * beyond the root. None when the start itself holds it.
 */
export async function ignoreFilesAbove(sandbox: PathSandbox, start: OpenDirectory): Promise<IgnoreFile[]> {
  const files: IgnoreFile[] = [];
  let prefix = "";
  for (let path = start.path; path !== start.root.path && !(await exists(sandbox, join(path, ".git"))); ) {
    prefix = `${basename(path)}/${prefix}`;
    path = dirname(path);
    const text = await readIgnoreFile(sandbox, join(path, ".gitignore"));
    if (text !== undefined) files.push({ prefix, text });
  }
  return files;
}

async function exists(sandbox: PathSandbox, path: string): Promise<boolean> {
  const place = await unlessRefused(sandbox.place(path, { followLeaf: false }));
  await place?.close();
  return place?.stats !== undefined;
}

async function readIgnoreFile(sandbox: PathSandbox, path: string): Promise<string | undefined> {
  const file = await unlessRefused(sandbox.openFile(path));
  if (!file) return undefined;
  try {
    return file.stats.size <= MAX_IGNORE_FILE_BYTES ? await file.handle.readFile("utf8") : undefined;
  } finally {
    await file.close();
  }
}

/** What is missing, hidden or unreadable says nothing. */
async function unlessRefused<T>(opening: Promise<T>): Promise<T | undefined> {
  try {
    return await opening;
  } catch (error) {
    if (error instanceof ToolError) return undefined;
    throw error;
  }
}
