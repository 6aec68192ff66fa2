import { ToolError } from "@mcp-reference/validation";
import { quoteIdentifier } from "../engine/quote-identifier.js";
import type { Database, Page, QueryOptions, ReadSession } from "../engine/types.js";
import { closestNames } from "./closest-names.js";
import { folded, parseObjectName } from "./identifiers.js";
import type { CatalogObject } from "./objects.js";
import { resolveObject } from "./resolve-object.js";

export interface SampleRequest {
  /** As SQL writes it. */
  table: string;
  columns?: readonly string[] | undefined;
  limit: number;
}

export interface Sample {
  table: string;
  /** Where in the table the rows are from. */
  taken: "random pages" | "first rows";
  page: Page;
}

interface Target {
  table: string;
  /** What is selected: quoted column names, or a star. */
  list: string;
  /** Pages on disk by the last vacuum; 0 for what has none, such as a view. */
  pages: number;
}

/** Tables below this many pages are read from the start: everything is near then. */
const SMALL = 256;
/** Pages looked at for each row: a few more than needed, for some are empty. */
const PAGES_PER_ROW = 3;

/**
 * Some rows of a table or view through the database's own guards: of a large table from random pages, else the first.
 * @throws ToolError as {@link resolveObject}, and as the query
 */
export async function sampleRows(database: Database, request: SampleRequest, options: QueryOptions): Promise<Sample> {
  const target = await database.read((session) => targetOf(session, request), options);
  if (target.pages >= SMALL) {
    const page = await database.query(randomly(target, options.limit), options);
    // Statistics may be old, row security may hide much, and pages be empty.
    if (page.rows.length === options.limit || page.truncated)
      return { table: target.table, taken: "random pages", page };
  }
  const page = await database.query(`SELECT ${target.list} FROM ${target.table} LIMIT ${options.limit}`, options);
  return { table: target.table, taken: "first rows", page };
}

/** The pages that SYSTEM picks come in their order; without sorting, all rows would be from the first few. */
function randomly({ table, list, pages }: Target, limit: number): string {
  const percent = Math.min(100, (limit * PAGES_PER_ROW * 100) / pages);
  return `SELECT ${list} FROM ${table} TABLESAMPLE SYSTEM (${percent.toFixed(6)})
    ORDER BY pg_catalog.hashtext(ctid::pg_catalog.text) LIMIT ${limit}`;
}

async function targetOf(session: ReadSession, { table, columns }: SampleRequest): Promise<Target> {
  const found = await resolveObject(session, table, ["table", "view"]);
  const list = columns === undefined ? "*" : await columnList(session, found, columns);
  const [size] = await session.rows<{ pages: number }>(PAGES, [found.objoid]);
  return { table: `${quoteIdentifier(found.schema)}.${quoteIdentifier(found.name)}`, list, pages: size?.pages ?? 0 };
}

async function columnList(session: ReadSession, table: CatalogObject, asked: readonly string[]): Promise<string> {
  const known = await session.rows<{ name: string }>(COLUMNS, [table.objoid]);
  return asked.map((written) => quoteIdentifier(columnNamed(written, known, table.label))).join(", ");
}

/** A column by its name as it is, or as SQL writes it. */
function columnNamed(written: string, known: readonly { name: string }[], table: string): string {
  const asIs = known.find(({ name }) => name === written);
  if (asIs) return asIs.name;
  const { path } = parseObjectName(written);
  const [only] = path;
  const read = path.length === 1 && only ? folded(only) : undefined;
  const found = known.find(({ name }) => name === read);
  if (found) return found.name;
  const meant = closestNames(written, known, ({ name }) => name, 1)[0] ?? known[0];
  throw new ToolError("NOT_FOUND", `${table} has no column ${JSON.stringify(written)}`, {
    hint: meant && `Did you mean ${meant.name}? describe_object lists them all`,
  });
}

const COLUMNS = `
  SELECT a.attname AS name FROM pg_attribute a WHERE a.attrelid = $1 AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`;

const PAGES = `
  WITH RECURSIVE parts AS (
    SELECT c.oid FROM pg_class c WHERE c.oid = $1
    UNION ALL
    SELECT i.inhrelid FROM parts JOIN pg_class c ON c.oid = parts.oid AND c.relkind = 'p'
      JOIN pg_inherits i ON i.inhparent = c.oid
  )
  SELECT coalesce(sum(c.relpages), 0) AS pages FROM parts JOIN pg_class c USING (oid) WHERE c.relkind IN ('r', 'm')`;
