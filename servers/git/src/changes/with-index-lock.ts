import { setTimeout } from "node:timers/promises";
import { ToolError } from "@mcp-reference/validation";
import { IndexLock } from "../repository/index-file/index-lock.js";
import type { Repository } from "../repository/repository.js";
import { worktreeOf } from "../repository/worktree/hash-file.js";

/** Milliseconds in which another process is given to finish. */
const PATIENCE_MS = 5000;
const LONGEST_PAUSE_MS = 80;

/**
 * Runs `work` while no one else can change the index; whatever of it is not written is left as it was.
 * @throws ToolError CONFLICT when another process keeps the lock; UNSUPPORTED for a bare repository
 */
export async function withIndexLock<T>(
  repo: Repository,
  signal: AbortSignal | undefined,
  work: (lock: IndexLock) => Promise<T> | T,
): Promise<T> {
  worktreeOf(repo);
  const lock = await withPatience(() => IndexLock.take(repo.layout), signal);
  try {
    // Others may have changed refs and objects while we waited.
    repo.refresh();
    return await work(lock);
  } finally {
    lock.release();
  }
}

/**
 * Tries again for a few seconds while it fails with CONFLICT and says when to come back: with pauses of random length, so that many
 * writers do not meet again.
 */
export async function withPatience<T>(attempt: () => T, signal?: AbortSignal): Promise<T> {
  const until = performance.now() + PATIENCE_MS;
  for (let pause = 2; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    try {
      return attempt();
    } catch (error) {
      const isBusy = error instanceof ToolError && error.code === "CONFLICT" && error.retryAfterMs !== undefined;
      if (!isBusy || performance.now() > until) throw error;
    }
    await setTimeout(pause * (0.5 + Math.random()), undefined, { signal });
  }
}
