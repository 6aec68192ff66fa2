import type { PGlite } from "@electric-sql/pglite";
import { demoDatabase } from "./demo-database.js";
import { endsExchange, saysReady } from "./frames.js";
import type { OutputChunks } from "./output-chunks.js";
import type { WorkerTask } from "./worker-message.js";

export class NotInstalled extends Error {}

/** PostgreSQL's settings: PGlite writes them over the whole file, at each start. */
const SETTINGS = [
  "shared_buffers = 32MB",
  "datestyle = 'iso, mdy'",
  "timezone = 'UTC'",
  "log_timezone = 'UTC'",
  "default_text_search_config = 'pg_catalog.english'",
  "jit = off",
];

/** Opens or creates the database. @throws NotInstalled; an Error with PostgreSQL's reason */
export async function openBackend({ directory, fresh, demo }: Omit<WorkerTask, "unread">): Promise<PGlite> {
  const { PGlite, extensions } = await loadPGlite();
  let reason: string | undefined;
  const onStderr = (line: string) => {
    reason = /(?:FATAL|PANIC): +(.*)/.exec(line)?.[1] ?? reason;
    return false;
  };
  // -O lets a superuser write to the system catalogs, and everybody here is one.
  const startParams = PGlite.defaultStartParams.filter((param) => param !== "-O");
  const options = { dataDir: directory, extensions, startParams, postgresqlconf: SETTINGS, onStderr };
  const database = await PGlite.create(options).catch((cause: unknown) => {
    throw new Error(reason ?? String(cause), { cause });
  });
  if (fresh) await database.exec("CREATE EXTENSION pg_stat_statements; CREATE EXTENSION pg_trgm");
  if (demo && (await isEmpty(database))) await database.exec(demoDatabase);
  return database;
}

/** Both cost some 30 ms of a start, and files made with the first cannot be opened without it. */
async function loadPGlite() {
  try {
    const [{ PGlite }, { pg_stat_statements }, { pg_trgm }] = await Promise.all([
      import("@electric-sql/pglite"),
      import("@electric-sql/pglite/contrib/pg_stat_statements"),
      import("@electric-sql/pglite/contrib/pg_trgm"),
    ]);
    return { PGlite, extensions: { pg_stat_statements, pg_trgm } };
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ERR_MODULE_NOT_FOUND") throw new NotInstalled();
    throw error;
  }
}

/** Whether nobody has made anything that holds or shows rows. */
async function isEmpty(database: PGlite): Promise<boolean> {
  const { rows } = await database.query(`
    SELECT FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
      AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                      WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid AND d.deptype = 'e')
    LIMIT 1`);
  return rows.length === 0;
}

/**
 * Answers messages of the frontend; the end of the answer is left in `output`. What PGlite 0.5 makes of them: it runs them at
 * once and returns when it has read the last, so each input must hold whole messages; a batch may end with Sync, Flush or
 * neither, portals stay suspended between inputs, and what is written by the end of an input is given out.
 * @throws when the session is lost: PGlite swallows traps of WASM, and a statement that ends without ReadyForQuery leaves
 * the client waiting for ever
 */
export async function answer(database: PGlite, input: Uint8Array, output: OutputChunks): Promise<void> {
  await database.execProtocolRawStream(input, { onRawData: (data) => output.write(data), syncToFs: false });
  if (!endsExchange(input) || saysReady(output.tail)) return;
  output.flush();
  throw new Error("it lost its session");
}
