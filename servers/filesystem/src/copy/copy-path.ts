import { randomBytes } from "node:crypto";
import { mkdir, rename } from "node:fs/promises";
import path from "node:path";
import { fromErrno, type OpenDirectory, type PathSandbox, type Place, SecretPolicy } from "@mcp-reference/security";
import { ToolError } from "@mcp-reference/validation";
import { removeTree } from "../remove/remove-tree.js";
import { within } from "../tree/survey.js";
import { setMode } from "../write/file-content.js";
import { locked, type WriteContext } from "../write/locked.js";
import { placeForWriting } from "../write/place-for-writing.js";
import { replaceFile } from "../write/replace-file.js";
import { copyBytes } from "./copy-bytes.js";
import { copyTree, type TreeCopy } from "./copy-tree.js";

export interface CopyRequest {
  source: string;
  destination: string;
  /** Replace an existing file; never a directory. */
  overwrite: boolean;
  recursive: boolean;
}

/**
 * Copies a file, or a directory with all that is in it. Either appears under its new name when it is complete.
 * @param progress told how many files are copied so far
 * @throws ToolError ALREADY_EXISTS, INVALID_ARGUMENT for a copy onto or into itself, or a directory unless `recursive`
 */
export function copyPath(
  context: WriteContext,
  request: CopyRequest,
  progress: (files: number) => void,
): Promise<TreeCopy> {
  return locked(context, [request.destination], async () => {
    const directory = await openIfDirectory(context.sandbox, request.source);
    if (!directory) return copyFile(context, request);
    try {
      if (!request.recursive) throw notRecursive(request.source);
      return await copyDirectory(context, directory, request, progress);
    } finally {
      await directory.close();
    }
  });
}

async function copyFile({ sandbox, signal }: WriteContext, request: CopyRequest): Promise<TreeCopy> {
  const { source, destination, overwrite } = request;
  const file = await sandbox.openFile(source);
  try {
    const mode = overwrite ? "overwrite" : "create";
    const copied = await replaceFile(sandbox, destination, { mode, signal }, async (target, { stats }) => {
      if (stats?.ino === file.stats.ino && stats.dev === file.stats.dev) throw ontoItself(source, destination);
      await copyBytes(file.handle, target, signal);
    });
    await setMode(sandbox, destination, copied, file.stats.mode);
    return { files: 1, bytes: copied.size, hidden: 0, special: 0 };
  } finally {
    await file.close();
  }
}

async function copyDirectory(
  { sandbox, signal }: WriteContext,
  source: OpenDirectory,
  request: CopyRequest,
  copied: (files: number) => void,
): Promise<TreeCopy> {
  const place = await placeForWriting(sandbox, request.destination);
  try {
    requireFree(place, source, request);
    const { directory, name } = place;
    const staging = `.${randomBytes(6).toString("hex")}.mcp-tmp`;
    await directory.verify();
    await mkdir(directory.at(staging), 0o700);
    try {
      const policy = new SecretPolicy(sandbox.secrets);
      const copy = await within(directory, staging, (target) => copyTree(source, target, { policy, signal, copied }));
      await directory.verify();
      await rename(directory.at(staging), directory.at(name));
      return copy;
    } catch (error) {
      await removeTree(directory, staging, NEVER).catch(() => {}); // the error that stopped the copy is the one to tell
      throw error;
    }
  } catch (error) {
    throw fromErrno(error, request.destination);
  } finally {
    await place.close();
  }
}

/** Cleaning up goes on although the call is cancelled. */
const NEVER = new AbortController().signal;

async function openIfDirectory(sandbox: PathSandbox, source: string): Promise<OpenDirectory | undefined> {
  const place = await sandbox.place(source).catch(() => undefined);
  await place?.close();
  // A root has no place; opening it tells.
  return place && !place.stats?.isDirectory() ? undefined : sandbox.openDirectory(source);
}

function requireFree(place: Place, source: OpenDirectory, { source: from, destination }: CopyRequest): void {
  if (`${place.path}${path.sep}`.startsWith(`${source.path}${path.sep}`)) throw ontoItself(from, destination);
  if (!place.stats) return;
  throw new ToolError("ALREADY_EXISTS", `${JSON.stringify(destination)} already exists`, {
    hint: "Choose another name; a directory is not copied over another",
  });
}

const notRecursive = (source: string) =>
  new ToolError("INVALID_ARGUMENT", `${JSON.stringify(source)} is a directory`, {
    hint: "Set recursive to true to copy all that is in it",
  });

const ontoItself = (source: string, destination: string) =>
  new ToolError("INVALID_ARGUMENT", `${JSON.stringify(destination)} is, or lies in, ${JSON.stringify(source)} itself`);
