import type pg from "pg";
import type { Reader } from "../src/engine/types.js";

/** How often a gate asked the catalog. */
export interface CountingReader extends Reader {
  count: number;
}

/** The gate's view of a connection: the open transaction, under the user's own search_path. */
export function readerOf(client: pg.Client): CountingReader {
  const reader: CountingReader = {
    count: 0,
    async rows<T extends object>(sql: string, params: readonly unknown[] = []) {
      reader.count++;
      return (await client.query(sql, [...params])).rows as T[];
    },
  };
  return reader;
}
