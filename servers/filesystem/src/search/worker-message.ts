import { type ErrorCode, ToolError } from "@mcp-reference/validation";
import type { ResultOf, Task, TaskProgress } from "../walk/tasks.js";

/** What a search worker says. Errors lose their class on the way, so they travel as what they are made of. */
export type WorkerMessage =
  | { kind: "progress"; value: TaskProgress }
  | { kind: "result"; value: ResultOf<Task> }
  | { kind: "refusal"; code: ErrorCode; message: string; hint: string | undefined }
  | { kind: "failure"; message: string; stack: string | undefined; errno: string | undefined };

/** The error a worker met: a ToolError, or one with the `code` of a failed system call. */
export function errorOf(message: Extract<WorkerMessage, { kind: "refusal" | "failure" }>): Error {
  if (message.kind === "refusal") return new ToolError(message.code, message.message, { hint: message.hint });
  const error = new Error(message.message);
  if (message.stack !== undefined) error.stack = message.stack;
  return message.errno === undefined ? error : Object.assign(error, { code: message.errno });
}

/** What a search fails with when its worker is taken away: at shutdown, or when the worker crashed. */
export const stopped = () =>
  new ToolError("UNAVAILABLE", "The search was stopped: its worker was ended", { hint: "Try again" });
