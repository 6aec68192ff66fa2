import { parentPort, workerData } from "node:worker_threads";
import type { PGlite } from "@electric-sql/pglite";
import { answer, NotInstalled, openBackend } from "./embedded/backend.js";
import { Flow } from "./embedded/flow.js";
import { OutputChunks } from "./embedded/output-chunks.js";
import type { WorkerMessage, WorkerRequest, WorkerTask } from "./embedded/worker-message.js";

// PGlite blocks its thread and cannot be interrupted: in one of its own, ending that is how statements are cancelled.
const task: WorkerTask = workerData;
const flow = new Flow(task.unread);
const post = (message: WorkerMessage, transfer: ArrayBuffer[] = []) => parentPort?.postMessage(message, transfer);
const output = new OutputChunks((bytes) => {
  flow.send(bytes.length);
  post({ kind: "output", bytes }, [bytes.buffer]);
});

try {
  serve(await openBackend(task));
} catch (error) {
  const reason = error instanceof NotInstalled ? "not installed" : "not opened";
  post({ kind: "refused", reason, message: error instanceof Error ? error.message : String(error) });
}

function serve(database: PGlite): void {
  parentPort?.on("message", async (request: WorkerRequest) => {
    if (request.kind === "close") {
      await database.close();
      process.exit();
    }
    await answer(database, request.bytes, output);
    // First, so that who has read the answer finds this thread idle.
    post({ kind: "answered", memory: database.Module.HEAPU8.byteLength });
    output.flush();
  });
  post({ kind: "ready" });
}
