import { setTimeout } from "node:timers/promises";
import { Client } from "pg";

/** A connection of the test's own, that sees what the server under test does. */
export interface Watcher {
  query(sql: string, params?: unknown[]): Promise<Record<string, unknown>[]>;
  /** Asks until a query of one boolean is true. */
  until(sql: string): Promise<void>;
  close(): Promise<void>;
}

const PATIENCE_MS = 20_000;

export async function watch(url: string): Promise<Watcher> {
  const client = new Client(url);
  client.on("error", () => {});
  await client.connect();
  const query: Watcher["query"] = async (sql, params) => (await client.query(sql, params)).rows;
  return {
    query,
    async until(sql) {
      for (const started = Date.now(); ; await setTimeout(10)) {
        const [row = {}] = await query(sql);
        if (Object.values(row)[0] === true) return;
        if (Date.now() - started > PATIENCE_MS) throw new Error(`still not so after ${PATIENCE_MS} ms: ${sql}`);
      }
    },
    close: () => client.end(),
  };
}
