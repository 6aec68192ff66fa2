import { readFile } from "node:fs/promises";
import type { TestPostgres } from "@mcp-reference/testing";
import pg from "pg";

/** A role that may connect and nothing else. */
export const STRANGER = "stranger";

/** Runs SQL as the superuser, several statements at once too. */
export async function run(url: string, sql: string): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await client.query(sql);
  } finally {
    await client.end();
  }
}

/** Keeps everyone from using some tables. @returns what ends that */
export async function lockTable(url: string, tables: string): Promise<() => Promise<void>> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`BEGIN; LOCK TABLE ${tables} IN ACCESS EXCLUSIVE MODE`);
  return () => client.end();
}

/** Makes a database with names, keys and kinds that are easily got wrong. @returns its URL */
export async function awkwardDatabase(server: TestPostgres): Promise<string> {
  await run(server.url, `CREATE DATABASE awkward ENCODING 'UTF8' LOCALE 'C' TEMPLATE template0`);
  await run(server.url, `CREATE ROLE ${STRANGER} LOGIN`);
  const url = server.urlFor("awkward");
  await run(url, await readFile(new URL("catalog-schema.sql", import.meta.url), "utf8"));
  return url;
}
