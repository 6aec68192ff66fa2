import { setTimeout } from "node:timers/promises";
import { ToolError } from "@mcp-reference/validation";
import { IndexLock } from "../repository/index-file/index-lock.js";
import type { Repository } from "../repository/repository.js";
import { worktreeOf } from "../repository/worktree/hash-file.js";

/** Milliseconds in which others are given to finish: for all of them, and for one alone, which may have died. */
const PATIENCE_MS = 5000;
const PATIENCE_WITH_ONE_MS = 1500;
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
  const lock = await takeLock(repo, signal);
  try {
    // Others may have changed refs and objects while we waited.
    repo.refresh();
    return await work(lock);
  } finally {
    lock.release();
  }
}

/** Tries again with pauses of random length, so that many writers do not meet again. */
async function takeLock({ layout }: Repository, signal: AbortSignal | undefined): Promise<IndexLock> {
  const until = performance.now() + PATIENCE_MS;
  for (let pause = 2; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    try {
      return IndexLock.take(layout);
    } catch (error) {
      if (!(error instanceof ToolError) || error.code !== "CONFLICT") throw error;
      const takenAt = Number(layout.gitDir.stat("index.lock")?.mtimeMs ?? Date.now());
      if (performance.now() > until || Date.now() - takenAt > PATIENCE_WITH_ONE_MS) throw error;
    }
    await setTimeout(pause * (0.5 + Math.random()), undefined, { signal });
  }
}
