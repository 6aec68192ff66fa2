import type { Stats } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import type { OpenFile, PathSandbox } from "@mcp-reference/security";
import { ToolError } from "@mcp-reference/validation";
import { MAX_DOCUMENT_BYTES } from "../text/document.js";
import { readBytes } from "../text/read-text.js";
import { etagOf } from "./etag.js";
import { replaceFile } from "./replace-file.js";

/** A file's bytes, and the state they belong to. */
export interface FileContent {
  readonly bytes: Buffer;
  readonly stats: Stats;
}

/** @throws ToolError TOO_LARGE for files that are not worth changing in memory; else as `openFile` */
export async function readContent(sandbox: PathSandbox, path: string, signal: AbortSignal): Promise<FileContent> {
  const file = await sandbox.openFile(path);
  try {
    requireEditable(file, path);
    return { bytes: await readBytes(file, 0, file.stats.size, signal), stats: file.stats };
  } finally {
    await file.close();
  }
}

/** Replaces a file's content by other, unless somebody changed the file since it was read. @returns its new stats */
export function replaceContent(
  sandbox: PathSandbox,
  path: string,
  old: Stats,
  bytes: Uint8Array,
  signal?: AbortSignal,
): Promise<Stats> {
  const replacement = { mode: "overwrite", expected: etagOf(old), signal } as const;
  return replaceFile(sandbox, path, replacement, (handle) => handle.writeFile(bytes));
}

/**
 * Creates a file; its name must be free.
 * @param mode permission bits; by default what the umask leaves
 */
export async function createFile(sandbox: PathSandbox, path: string, bytes: Uint8Array, mode?: number): Promise<Stats> {
  const created = await replaceFile(sandbox, path, { mode: "create" }, (handle) => handle.writeFile(bytes));
  if (mode !== undefined) await setMode(sandbox, path, created, mode);
  return created;
}

/** Changes the permission bits of the very file that `known` describes. */
export function setMode(sandbox: PathSandbox, path: string, known: Stats, mode: number): Promise<void> {
  return atFile(sandbox, path, known, (handle) => handle.chmod(mode & PERMISSIONS));
}

/** Gives the very file that `known` describes the permission bits and times of another. */
export function setModeAndTimes(sandbox: PathSandbox, path: string, known: Stats, other: Stats): Promise<void> {
  return atFile(sandbox, path, known, async (handle) => {
    await handle.utimes(other.atime, other.mtime);
    await handle.chmod(other.mode & PERMISSIONS);
  });
}

async function atFile(
  sandbox: PathSandbox,
  path: string,
  known: Stats,
  change: (handle: FileHandle) => Promise<void>,
): Promise<void> {
  const file = await sandbox.openFile(path);
  try {
    if (file.stats.ino === known.ino && file.stats.dev === known.dev) await change(file.handle);
  } finally {
    await file.close();
  }
}

/** Without set-id bits: whoever copies a program must not hand on the rights of its owner. */
const PERMISSIONS = 0o777;

function requireEditable({ stats }: OpenFile, path: string): void {
  if (stats.size <= MAX_DOCUMENT_BYTES) return;
  throw new ToolError(
    "TOO_LARGE",
    `${JSON.stringify(path)} has ${stats.size} bytes; up to ${MAX_DOCUMENT_BYTES} can be edited or compared`,
    { hint: "Read parts of it with offset and limit, or find lines with search_text" },
  );
}
