import path from "node:path";
import type { PathSandbox } from "@mcp-reference/security";
import { ToolError } from "@mcp-reference/validation";
import { inBatches } from "../tree/in-batches.js";
import type { PathLocks } from "./path-locks.js";

/** Each holds a descriptor or two meanwhile. */
const RESOLVED_AT_ONCE = 32;

/** What everything that writes needs. */
export interface WriteContext {
  readonly sandbox: PathSandbox;
  readonly locks: PathLocks;
  readonly signal: AbortSignal;
}

/**
 * Runs `work` while no other call of this process changes any of these files; they need not exist yet.
 * @param followLeaf false where links themselves are changed and not what they lead to
 */
export async function locked<T>(
  { sandbox, locks, signal }: WriteContext,
  paths: readonly string[],
  work: () => Promise<T>,
  { followLeaf = true } = {},
): Promise<T> {
  const resolved: string[] = [];
  await inBatches(paths, RESOLVED_AT_ONCE, async (asked) => {
    resolved.push(await resolveForWriting(sandbox, asked, followLeaf));
  });
  return locks.hold(resolved, signal, work);
}

/**
 * The resolved absolute path of something that may be written to, also below directories that are still to be made.
 * @throws ToolError as `place` does, but NOT_FOUND
 */
async function resolveForWriting(sandbox: PathSandbox, asked: string, followLeaf: boolean): Promise<string> {
  try {
    const place = await sandbox.place(asked, { write: true, followLeaf });
    await place.close();
    return place.path;
  } catch (error) {
    const parent = path.dirname(path.normalize(asked));
    if (!(error instanceof ToolError && error.code === "NOT_FOUND") || parent === asked) throw error;
    return path.join(await resolveForWriting(sandbox, parent, true), path.basename(path.normalize(asked)));
  }
}
