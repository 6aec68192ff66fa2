import type { ListPage, ResourceEntry } from "@mcp-reference/runtime";
import * as z from "zod";
import { type ListedTable, listTables } from "../catalog/list-tables.js";
import { readPatiently } from "../catalog/read-patiently.js";
import { quoteIdentifier } from "../engine/quote-identifier.js";
import type { Database, DatabaseInfo } from "../engine/types.js";
import { JSON_TYPE } from "./json.js";

/** Which database, and the last table listed of it. */
const listPosition = z.tuple([z.number(), z.tuple([z.string(), z.string()])]);

/**
 * A page over the tables and views of some databases; one that is down is passed over.
 * @param uriOf of a table, by its name as SQL writes it, without the schema where that is public
 */
export async function listTableEntries(
  databases: readonly Database[],
  { position, limit }: ListPage,
  { uriOf, signal }: { uriOf(info: DatabaseInfo, table: string): string; signal: AbortSignal },
): Promise<{ entries: ResourceEntry[]; next?: unknown }> {
  const [from, start] = position === undefined ? [0, undefined] : listPosition.parse(position);
  const entries: ResourceEntry[] = [];
  for (const [index, database] of databases.entries()) {
    if (index < from) continue;
    const after = index === from ? start : undefined;
    const room = limit - entries.length;
    // One more than fits tells whether there is another page.
    const answer = await readPatiently(database, (session) => listTables(session, room + 1, after), signal);
    const tables = "found" in answer ? answer.found : [];
    const shown = tables.slice(0, room);
    entries.push(...shown.map((table) => entryOf(table, uriOf(database.info, shortName(table)))));
    const last = shown.at(-1);
    if (tables.length > room) return { entries, next: [index, last ? [last.schema, last.name] : (after ?? ["", ""])] };
  }
  return { entries };
}

const entryOf = (table: ListedTable, uri: string): ResourceEntry => ({
  uri,
  name: `${table.schema}.${table.name}`,
  title: `Columns of ${table.kind} ${table.schema}.${table.name}`,
  description: table.comment ?? undefined,
  mimeType: JSON_TYPE,
});

const shortName = ({ schema, name }: ListedTable) =>
  schema === "public" ? plain(name) : `${plain(schema)}.${plain(name)}`;

const plain = (name: string) =>
  /^[a-z_][\w$]*$/.test(name) && name === name.toLowerCase() ? name : quoteIdentifier(name);
