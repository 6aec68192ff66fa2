import { type FSWatcher, watch } from "node:fs";
import { fsPath } from "../repository/bytes/byte-string.js";
import type { Repository } from "../repository/repository.js";

/** From the first sign of a change until it is told: one command touches several files. */
const BURST_MS = 75;

/** What changes with the index and with what is checked out; their locks come and go beside them. */
const WATCHED = new Set(["HEAD", "index"]);

/** Where reflogs are. A commit leaves the file HEAD as it is, and adds a line to its reflog. */
const LOGS = "logs";

/**
 * Calls `changed` when HEAD moves or the index is written.
 * @returns what stops it
 */
export function watchRepository({ layout }: Repository, changed: () => void): () => void {
  const watchers = new Map<string, FSWatcher>();
  let timer: NodeJS.Timeout | undefined;
  const touched = () => {
    timer ??= setTimeout(() => {
      timer = undefined;
      watchFolder(LOGS);
      changed();
    }, BURST_MS).unref();
  };

  /** Does nothing where it is not there (yet), is watched already, or the system has no watches left. */
  function watchFolder(folder: string): void {
    if (watchers.has(folder)) return;
    try {
      const watcher = watch(fsPath(layout.gitDir.path(folder)), { persistent: false }, (_, name) => {
        if (name && (WATCHED.has(name) || name === LOGS)) touched();
      });
      watcher.on("error", touched);
      watchers.set(folder, watcher);
    } catch {}
  }

  for (const folder of ["", LOGS]) watchFolder(folder);
  return () => {
    clearTimeout(timer);
    for (const watcher of watchers.values()) watcher.close();
  };
}
