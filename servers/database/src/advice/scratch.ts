import { ToolError } from "@mcp-reference/validation";
import type { Reader } from "../engine/types.js";

/** What leaves nothing to go on with: the caller has left, or the server has. */
const FINAL = new Set(["CANCELLED", "UNAVAILABLE"]);

/**
 * Runs `work` inside a savepoint that is always rolled back: settings it made are gone, and an error leaves the
 * transaction usable. Prepared statements and HypoPG's indexes know no transactions and outlive it.
 */
async function scratch<T>(session: Reader, work: () => Promise<T>): Promise<T> {
  await session.rows("SAVEPOINT advice");
  let result: T;
  try {
    result = await work();
  } catch (error) {
    if (isFinal(error)) throw error;
    await rollBack(session);
    throw error;
  }
  await rollBack(session);
  return result;
}

export type Attempt<T> = { ok: true; value: T } | { ok: false; problem: string };

/** As {@link scratch}, and what the server or the gate says against it is told instead of thrown. */
export async function attempt<T>(session: Reader, work: () => Promise<T>): Promise<Attempt<T>> {
  try {
    return { ok: true, value: await scratch(session, work) };
  } catch (error) {
    if (!(error instanceof ToolError) || isFinal(error)) throw error;
    return { ok: false, problem: error.message };
  }
}

/**
 * Runs `work` with the search path that statements from outside see, instead of pg_catalog alone.
 * Whatever `work` calls itself must be qualified.
 */
export function inUserPath<T>(session: Reader, work: () => Promise<T>): Promise<T> {
  return scratch(session, async () => {
    await session.rows("SELECT set_config(name, reset_val, true) FROM pg_settings WHERE name = 'search_path'");
    return work();
  });
}

async function rollBack(session: Reader) {
  await session.rows("ROLLBACK TO SAVEPOINT advice");
  await session.rows("RELEASE SAVEPOINT advice");
}

const isFinal = (error: unknown) => error instanceof ToolError && FINAL.has(error.code);
