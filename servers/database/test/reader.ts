import { deferred } from "@mcp-reference/testing";
import type { ReadSession } from "../src/engine/types.js";
import { openDatabase } from "./advice/open-database.js";

/** A session of the real engine that stays open until it is closed. */
export async function readSession(url: string, role?: string): Promise<ReadSession & { close(): Promise<void> }> {
  const database = openDatabase({ databaseUrl: url, role });
  const opened = deferred<ReadSession>();
  const closed = deferred<void>();
  const read = database.read(async (session) => {
    opened.resolve(session);
    await closed.promise;
  });
  const session = await Promise.race([opened.promise, read.then(() => opened.promise)]);
  return {
    serverVersion: session.serverVersion,
    rows: (sql, params) => session.rows(sql, params),
    check: (sql) => session.check(sql),
    async close() {
      closed.resolve();
      await read;
      await database.close();
    },
  };
}
