/**
 * Lets the writers of one file take turns within this process, from reading it to changing it. Other processes are kept
 * out only while the change takes effect, and an etag is compared then: see `lockForCommit`.
 */
export class PathLocks {
  readonly #last = new Map<string, Promise<void>>();

  /**
   * Runs `work` while nobody else holds one of `paths` (resolved and absolute). Several are taken in one order
   * everywhere, so that two calls never wait for each other.
   * @throws the signal's reason when it aborts while waiting; `work` does not run then.
   */
  async hold<T>(paths: readonly string[], signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const releases: (() => void)[] = [];
    try {
      for (const key of [...new Set(paths.map(lockKey))].sort()) releases.push(await this.#take(key, signal));
      return await work();
    } finally {
      for (const release of releases) release();
    }
  }

  async #take(key: string, signal: AbortSignal): Promise<() => void> {
    const before = this.#last.get(key);
    const { promise: held, resolve: release } = settleable();
    const turn = Promise.all([before, held]).then(() => {
      if (this.#last.get(key) === turn) this.#last.delete(key);
    });
    this.#last.set(key, turn);
    try {
      signal.throwIfAborted();
      await abortable(before, signal);
    } catch (reason) {
      release();
      throw reason;
    }
    return release;
  }
}

/** Where a file system ignores case two spellings are one file; elsewhere taking turns for nothing does no harm. */
const lockKey = (path: string) => path.normalize("NFC").toLowerCase();

function settleable(): { promise: Promise<void>; resolve: () => void } {
  let resolve = () => {};
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

/** Waits for `promise`, or rejects with the signal's reason as soon as it aborts. */
async function abortable(promise: Promise<void> | undefined, signal: AbortSignal): Promise<void> {
  let onAbort = () => {};
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal.reason);
    signal.addEventListener("abort", onAbort, { once: true });
  });
  try {
    await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
