import { parentPort } from "node:worker_threads";
import type { ByteString } from "./repository/bytes/byte-string.js";
import { fillInStats } from "./repository/worktree/stat-thread/fill-in-stats.js";
import { SharedStats } from "./repository/worktree/stat-thread/shared-stats.js";
import type { StatRequest } from "./repository/worktree/stat-thread/stat-thread.js";

let known: readonly ByteString[] = [];

parentPort?.on("message", ({ root, paths, memory }: StatRequest) => {
  if (paths !== undefined) known = paths.split("\0");
  fillInStats(root, known, new SharedStats(memory));
  parentPort?.postMessage(memory);
});
