import { createHash } from "node:crypto";
import type { Stats } from "node:fs";
import { stat } from "node:fs/promises";
import { fromErrno, type OpenFile, type PathSandbox, type Place } from "@mcp-reference/security";
import { ToolError } from "@mcp-reference/validation";
import { isoTime } from "../listing/iso-time.js";
import { mediaTypeOf } from "../text/media-type.js";
import { etagOf } from "../write/etag.js";

export const hashAlgorithms = ["sha256", "sha1", "md5"] as const;
export type HashAlgorithm = (typeof hashAlgorithms)[number];

export const entryKinds = ["file", "directory", "link", "fifo", "socket", "device"] as const;

/** What is known about an entry. For a link to somewhere inside: about what it leads to. */
export interface FileInfo {
  kind: (typeof entryKinds)[number];
  size: number;
  created?: string | undefined;
  modified?: string | undefined;
  accessed?: string | undefined;
  /** Octal, such as `644`. */
  permissions: string;
  /** Names one state of the file; for `if_match`. */
  etag?: string | undefined;
  mime_type?: string | undefined;
  /** Where a link leads, resolved; absent where that is outside. */
  link_target?: string | undefined;
  hash?: string | undefined;
}

interface InfoOptions {
  /** Adds a digest of a file's content, in hexadecimal. */
  hash?: HashAlgorithm | undefined;
  signal: AbortSignal;
}

/** @throws ToolError as {@link PathSandbox.place}, and NOT_FOUND */
export async function fileInfo(sandbox: PathSandbox, path: string, { hash, signal }: InfoOptions): Promise<FileInfo> {
  const { stats, link_target } = await look(sandbox, path);
  const info = { ...describeStats(stats), link_target };
  if (!stats.isFile()) return info;
  const file = await openReadable(sandbox, path);
  if (!file) return { ...info, etag: etagOf(stats) };
  try {
    return {
      ...info,
      etag: etagOf(file.stats),
      mime_type: await mediaTypeOf(file),
      hash: hash && (await digestOf(file, hash, signal)),
    };
  } finally {
    await file.close();
  }
}

/** Several files one after the other; what goes wrong with one is told in its place. */
export async function fileInfos(
  sandbox: PathSandbox,
  paths: readonly string[],
  options: InfoOptions,
): Promise<({ path: string } & (FileInfo | { error: string }))[]> {
  const infos: Awaited<ReturnType<typeof fileInfos>> = [];
  for (const path of paths) {
    try {
      infos.push({ path, ...(await fileInfo(sandbox, path, options)) });
    } catch (error) {
      if (!(error instanceof ToolError)) throw error;
      infos.push({ path, error: error.toLine() });
    }
  }
  return infos;
}

interface Look {
  stats: Stats;
  link_target?: string | undefined;
}

async function look(sandbox: PathSandbox, path: string): Promise<Look> {
  const { stats } = await lookAt(sandbox, path, false);
  if (!stats) throw new ToolError("NOT_FOUND", `${JSON.stringify(path)} does not exist`);
  if (!stats.isSymbolicLink()) return { stats };
  try {
    const target = await lookAt(sandbox, path, true);
    return target.stats ? { stats: target.stats, link_target: target.path } : { stats };
  } catch (error) {
    if (error instanceof ToolError) return { stats }; // leads outside or in circles
    throw error;
  }
}

async function lookAt(sandbox: PathSandbox, path: string, followLeaf: boolean): Promise<Pick<Place, "stats" | "path">> {
  try {
    const place = await sandbox.place(path, { followLeaf });
    await place.close();
    return place;
  } catch (error) {
    // A root has no name in a directory above it.
    if (error instanceof ToolError && error.code === "INVALID_ARGUMENT") return lookAtDirectory(sandbox, path);
    throw error;
  }
}

async function lookAtDirectory(sandbox: PathSandbox, path: string): Promise<{ stats: Stats; path: string }> {
  const directory = await sandbox.openDirectory(path);
  try {
    return { stats: await stat(directory.at()), path: directory.path };
  } catch (error) {
    throw fromErrno(error, path);
  } finally {
    await directory.close();
  }
}

/** A file that may not be read has a size all the same. */
async function openReadable(sandbox: PathSandbox, path: string): Promise<OpenFile | undefined> {
  try {
    return await sandbox.openFile(path);
  } catch (error) {
    if (error instanceof ToolError && error.code === "PERMISSION_DENIED") return undefined;
    throw error;
  }
}

const describeStats = (stats: Stats) => ({
  kind: kindOf(stats),
  size: stats.size,
  created: isoTime(stats.birthtimeMs),
  modified: isoTime(stats.mtimeMs),
  accessed: isoTime(stats.atimeMs),
  permissions: (stats.mode & 0o7777).toString(8).padStart(3, "0"),
});

function kindOf(stats: Stats): FileInfo["kind"] {
  if (stats.isFile()) return "file";
  if (stats.isDirectory()) return "directory";
  if (stats.isSymbolicLink()) return "link";
  if (stats.isFIFO()) return "fifo";
  return stats.isSocket() ? "socket" : "device";
}

async function digestOf({ handle }: OpenFile, algorithm: HashAlgorithm, signal: AbortSignal): Promise<string> {
  const hash = createHash(algorithm);
  const block = Buffer.allocUnsafeSlow(BLOCK_BYTES);
  for (let at = 0; ; ) {
    signal.throwIfAborted();
    const { bytesRead } = await handle.read(block, 0, BLOCK_BYTES, at);
    if (bytesRead === 0) return hash.digest("hex");
    hash.update(block.subarray(0, bytesRead));
    at += bytesRead;
  }
}

const BLOCK_BYTES = 1024 * 1024;
