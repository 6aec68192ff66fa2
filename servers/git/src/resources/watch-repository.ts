import { type FSWatcher, watch } from "node:fs";
import { textOf } from "../repository/bytes/byte-string.js";
import type { Repository } from "../repository/repository.js";

/** From the first sign of a change until it is told: one command touches several files. */
const BURST_MS = 75;

/** What changes with the index and with what is checked out; their locks come and go beside them. */
const WATCHED = new Set(["HEAD", "index"]);

/**
 * Calls `changed` when HEAD moves or the index is written.
 * @returns what stops it
 */
export function watchRepository({ layout }: Repository, changed: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  const touched = () => {
    timer ??= setTimeout(() => {
      timer = undefined;
      changed();
    }, BURST_MS).unref();
  };
  // A commit leaves the file HEAD as it is and adds a line to its reflog.
  const watchers = ["", "logs"].map((folder) => watchFolder(textOf(layout.gitDir.path(folder)), touched));
  return () => {
    clearTimeout(timer);
    for (const watcher of watchers) watcher?.close();
  };
}

function watchFolder(folder: string, touched: () => void): FSWatcher | undefined {
  try {
    const watcher = watch(folder, { persistent: false }, (_, name) => name && WATCHED.has(name) && touched());
    watcher.on("error", touched);
    return watcher;
  } catch {
    return undefined; // no reflog yet, or no watches left
  }
}
