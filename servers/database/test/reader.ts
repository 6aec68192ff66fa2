import pg from "pg";
import type { ReadSession } from "../src/engine/types.js";

const NUMBERS = [20, 21, 23, 26, 700, 701, 1700];
const JSON_TYPES = [114, 3802];
const LISTS = [1003, 1009];

const types = {
  getTypeParser(oid: number) {
    if (oid === 16) return (text: string) => text === "t";
    if (NUMBERS.includes(oid)) return Number;
    if (JSON_TYPES.includes(oid)) return JSON.parse;
    return LISTS.includes(oid) ? pg.types.getTypeParser(1009) : (text: string) => text;
  },
};

/** A read-only session over one connection, as the engine gives it to the catalog; SQL from outside is not checked. */
export async function readSession(url: string, role?: string): Promise<ReadSession & { close(): Promise<void> }> {
  const client = new pg.Client({ connectionString: url, types: types as never });
  await client.connect();
  if (role !== undefined) await client.query(`SET ROLE ${pg.escapeIdentifier(role)}`);
  await client.query("SET search_path = pg_catalog; SET lock_timeout = '2s'");
  const { rows } = await client.query("SELECT current_setting('server_version_num')::int4 AS version");
  await client.query("BEGIN READ ONLY");
  return {
    serverVersion: rows[0].version,
    async rows<T extends object>(sql: string, params: readonly unknown[] = []) {
      return (await client.query(sql, [...params])).rows as T[];
    },
    check: () => Promise.resolve(),
    explain: () => Promise.reject(new Error("not here")),
    close: () => client.end(),
  };
}
