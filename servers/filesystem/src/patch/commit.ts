import { rmdir } from "node:fs/promises";
import { fromErrno, type PathSandbox } from "@mcp-reference/security";
import { ToolError } from "@mcp-reference/validation";
import { removeFile } from "../remove/remove-file.js";
import { createParents } from "../write/create-directory.js";
import { createFile, replaceContent, setMode } from "../write/file-content.js";
import type { Draft } from "./draft.js";

/** A step that was taken, and how to take it back. */
interface Step {
  path: string;
  undo: () => Promise<unknown>;
}

/**
 * Puts drafts on disk, each file in one step, removals last. When a step fails, or the call is cancelled, those before
 * are taken back.
 * @throws ToolError UNKNOWN when taking back fails too: it names what was left changed
 */
export async function commit(sandbox: PathSandbox, drafts: readonly Draft[], signal: AbortSignal): Promise<void> {
  const steps: Step[] = [];
  try {
    for (const step of [write, remove]) {
      for (const draft of drafts) {
        signal.throwIfAborted();
        await step(sandbox, draft, steps);
      }
    }
    signal.throwIfAborted(); // it may have come while the last step waited for its turn
  } catch (error) {
    await takeBack(steps, error);
    throw error;
  }
}

async function write(sandbox: PathSandbox, draft: Draft, steps: Step[]): Promise<void> {
  const { path, before, after, mode, executable } = draft;
  if (!after) return;
  let written = before?.stats;
  if (before && after !== before.bytes) {
    const now = await replaceContent(sandbox, path, before.stats, after);
    steps.push({ path, undo: () => replaceContent(sandbox, path, now, before.bytes) });
    written = now;
  }
  if (!before) {
    for (const directory of await createParents(sandbox, path)) {
      steps.push({ path: directory, undo: () => removeEmptyDirectory(sandbox, directory) });
    }
    const created = await createFile(sandbox, path, after, mode);
    steps.push({ path, undo: () => removeFile(sandbox, path, created) });
    written = created;
  }
  if (executable === undefined || !written) return;
  const known = written;
  await setMode(sandbox, path, known, withExecutable(mode ?? known.mode, executable));
  steps.push({ path, undo: () => setMode(sandbox, path, known, known.mode) });
}

/** As git does it: who may read a program may run it. */
const withExecutable = (mode: number, executable: boolean) =>
  executable ? mode | ((mode & 0o444) >> 2) : mode & ~0o111;

async function remove(sandbox: PathSandbox, { path, before, after }: Draft, steps: Step[]): Promise<void> {
  if (after || !before) return;
  await removeFile(sandbox, path, before.stats);
  steps.push({ path, undo: () => createFile(sandbox, path, before.bytes, before.stats.mode) });
}

async function takeBack(steps: readonly Step[], cause: unknown): Promise<void> {
  const left: string[] = [];
  for (const { path, undo } of steps.toReversed()) {
    await undo().catch(() => left.push(path));
  }
  if (left.length === 0) return;
  const reason = cause instanceof ToolError ? cause.message : "a file could not be written";
  throw new ToolError("UNKNOWN", `the patch was applied in part: ${reason}; ${left.join(", ")} could not be restored`, {
    hint: "Read these files before anything else",
    details: { changed: left },
    cause,
  });
}

async function removeEmptyDirectory(sandbox: PathSandbox, path: string): Promise<void> {
  const place = await sandbox.place(path, { write: true, followLeaf: false });
  try {
    await rmdir(place.directory.at(place.name));
  } catch (error) {
    throw fromErrno(error, path);
  } finally {
    await place.close();
  }
}
