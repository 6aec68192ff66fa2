import { parentPort } from "node:worker_threads";
import { errnoOf } from "@mcp-reference/security";
import { ToolError } from "@mcp-reference/validation";
import { findFiles } from "./search/find-files.js";
import { searchText } from "./search/search-text.js";
import type { WorkerMessage } from "./search/worker-message.js";
import { listTree } from "./walk/list-tree.js";
import { ProgressMeter } from "./walk/progress.js";
import type { ResultOf, Task } from "./walk/tasks.js";

// A thread of its own may block, and ending it stops whatever it does: that is how calls are cancelled.
const post = (message: WorkerMessage) => parentPort?.postMessage(message);

parentPort?.on("message", async (task: Task) => {
  const progress = new ProgressMeter((value) => post({ kind: "progress", value }));
  try {
    post({ kind: "result", value: await run(task, progress) });
  } catch (error) {
    post(failure(error));
  }
});

async function run(task: Task, progress: ProgressMeter): Promise<ResultOf<Task>> {
  if (task.kind === "find") return findFiles(task, progress);
  return task.kind === "tree" ? listTree(task, progress) : searchText(task, progress);
}

function failure(error: unknown): WorkerMessage {
  if (error instanceof ToolError) {
    return { kind: "refusal", code: error.code, message: error.message, hint: error.hint };
  }
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  return { kind: "failure", message, stack, errno: errnoOf(error) };
}
