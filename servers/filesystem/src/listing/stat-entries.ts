import { lstat } from "node:fs/promises";
import { errnoOf, type OpenDirectory } from "@mcp-reference/security";
import type { DirectoryEntry } from "./read-directory.js";

interface Options {
  signal: AbortSignal;
  progress(done: number, total: number): void;
}

/** System calls at a time: a cancelled call waits for no more than these. */
const BATCH = 512;

/** Adds size and time of change to entries, as far as the system tells. @throws the signal's reason; ToolError CONFLICT */
export async function statEntries(
  directory: OpenDirectory,
  entries: readonly DirectoryEntry[],
  { signal, progress }: Options,
): Promise<DirectoryEntry[]> {
  const measured: DirectoryEntry[] = [];
  while (measured.length < entries.length) {
    signal.throwIfAborted();
    const batch = entries.slice(measured.length, measured.length + BATCH);
    measured.push(...(await Promise.all(batch.map((entry) => measure(directory, entry)))));
    progress(measured.length, entries.length);
  }
  await directory.verify();
  return measured;
}

/** An entry that is gone, or that lies in a directory which may be read but not searched, is listed all the same. */
async function measure(directory: OpenDirectory, entry: DirectoryEntry): Promise<DirectoryEntry> {
  try {
    const stats = await lstat(directory.at(entry.name));
    return { ...entry, mtimeMs: stats.mtimeMs, size: stats.isFile() ? stats.size : undefined };
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return entry;
  }
}
