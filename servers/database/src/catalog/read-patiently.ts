import { ToolError } from "@mcp-reference/validation";
import { within } from "../engine/deadline.js";
import type { Database, ReadSession } from "../engine/types.js";

/** Longest that one of several databases is waited for. An embedded one may have to start first. */
const PATIENCE_MS = { server: 5_000, embedded: 15_000 };

/**
 * Reads from one of several databases, of which any may be down: the others are of use without it.
 * @returns what `work` gave, or in one line why it gave nothing
 * @throws what `signal` was aborted with, and errors of our own; never because of the database
 */
export async function readPatiently<T>(
  database: Database,
  work: (session: ReadSession) => Promise<T>,
  signal: AbortSignal,
): Promise<{ found: T } | { error: string }> {
  const read = (deadline: AbortSignal) => database.read(work, { signal: deadline });
  try {
    return { found: await within(PATIENCE_MS[database.info.kind], signal, read, noAnswer) };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof ToolError) return { error: error.toLine() };
    throw error;
  }
}

const noAnswer = (milliseconds: number) => new ToolError("TIMEOUT", `no answer within ${milliseconds / 1000} s`);
