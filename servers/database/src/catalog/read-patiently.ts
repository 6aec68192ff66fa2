import { ToolError } from "@mcp-reference/validation";
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
  const patience = PATIENCE_MS[database.info.kind];
  const timeout = AbortSignal.timeout(patience);
  try {
    return { found: await database.read(work, { signal: AbortSignal.any([signal, timeout]) }) };
  } catch (error) {
    signal.throwIfAborted();
    if (timeout.aborted) return { error: `TIMEOUT: no answer within ${patience / 1000} s.` };
    if (error instanceof ToolError) return { error: error.toLine() };
    throw error;
  }
}
