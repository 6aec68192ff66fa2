import { ToolError } from "@mcp-reference/validation";
import type { WriteStatement } from "../sql/gate.js";
import { applyMasks } from "./masking.js";
import { sizeOf } from "./result.js";
import type { Session } from "./session.js";
import type { Change, ChangeOptions, HeldLock, Preview, Row } from "./types.js";

/** Rows of a sample, and of what RETURNING gives. */
const MOST_ROWS = 5;
const MOST_RETURNED = 100;
/** Bytes of such rows after which no more are kept. */
const MOST_BYTES = 1024 * 1024;

/** Runs a statement in a transaction that is rolled back, and says what it did there. */
export async function previewChange(session: Session, sql: string, options: ChangeOptions): Promise<Preview> {
  const statement = await session.checkWrite(sql);
  const change = await withSample(session, sql, statement, options.params ?? []);
  requireAtMost(change.affected, options.maxAffected);
  await session.send("SET CONSTRAINTS ALL IMMEDIATE"); // what COMMIT would refuse is refused now
  return { ...change, kind: statement.kind, locks: await strongLocks(session) };
}

/**
 * Runs a statement and commits it, if it changes as many rows as its preview did.
 * @throws ToolError CONFLICT when it does not; UNKNOWN when the connection was lost at COMMIT
 */
export async function commitChange(
  session: Session,
  sql: string,
  { params = [], expected }: ChangeOptions & { expected: number | undefined },
): Promise<Change> {
  const statement = await session.checkWrite(sql);
  const change = await run(session, sql, statement, params, MOST_RETURNED);
  if (change.affected !== expected) {
    throw new ToolError("CONFLICT", `${change.affected} rows would change now, and ${expected} did in the preview`, {
      hint: "Nothing was changed. Call execute again for a new preview",
    });
  }
  await session.commit();
  return change;
}

/** With the changed rows where they can be had: RETURNING takes a right to read that the role may not have. */
async function withSample(session: Session, sql: string, statement: WriteStatement, params: readonly unknown[]) {
  const { kind, returning, text } = statement;
  if (returning || kind === "ddl" || kind === "merge") return run(session, sql, statement, params, MOST_ROWS);
  await session.send("SAVEPOINT sample");
  try {
    return await run(session, `${text}\nRETURNING *`, statement, params, MOST_ROWS);
  } catch (error) {
    if (!(error instanceof ToolError) || error.code !== "PERMISSION_DENIED") throw error;
    await session.send("ROLLBACK TO SAVEPOINT sample");
    return run(session, sql, statement, params, MOST_ROWS);
  }
}

async function run(
  session: Session,
  sql: string,
  { masked }: WriteStatement,
  params: readonly unknown[],
  most: number,
): Promise<Change> {
  const description = await session.describe(sql);
  const columns = await session.columns(description);
  const mask = applyMasks(masked, description.fields);
  const source = session.execute(sql, description, params);
  const rows: Row[] = [];
  let bytes = 0;
  await session.read(source, (row) => {
    if (rows.length < most && bytes < MOST_BYTES) {
      bytes += sizeOf(row);
      rows.push(mask(row));
    }
    return true;
  });
  return { affected: source.affected, columns, rows };
}

/** Locks the open transaction holds that are stronger than what any INSERT, UPDATE or DELETE takes. */
const strongLocks = (session: Session): Promise<HeldLock[]> =>
  session.rows<HeldLock>(`
    SELECT format('%I.%I', n.nspname, c.relname) AS relation, replace(l.mode, 'Lock', '') AS mode
    FROM pg_locks l JOIN pg_class c ON c.oid = l.relation JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE l.pid = pg_backend_pid() AND l.granted AND n.nspname NOT IN ('pg_catalog', 'pg_toast')
      AND l.mode IN ('ShareLock', 'ShareUpdateExclusiveLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')
    ORDER BY 1, 2 LIMIT 20`);

function requireAtMost(affected: number | undefined, most: number): void {
  if (affected === undefined || affected <= most) return;
  throw new ToolError("TOO_LARGE", `the statement would change ${affected} rows, more than max_affected ${most}`, {
    hint: "Narrow it, or raise max_affected if that many are meant",
  });
}
