import * as z from "zod";
import type { Reader } from "../engine/types.js";
import { type NamePattern, namePattern } from "./case-insensitive.js";
import { detailOf } from "./object-detail.js";
import { type CatalogObject, isSystemSchema, type ObjectGroup, objectGroups, objectsOf } from "./objects.js";

export interface SearchRequest {
  /** Part of a name or comment, or a glob; with a dot in it compared with schema.name and schema.table.column. */
  pattern?: string | undefined;
  groups?: readonly ObjectGroup[] | undefined;
  /** Just this one, which may be the system's. */
  schema?: string | undefined;
  limit: number;
  after?: SearchPosition | undefined;
}

/** What the next page comes after. */
export const searchPosition = z.tuple([z.number(), z.number(), z.string(), z.number(), z.number()]);
export type SearchPosition = z.output<typeof searchPosition>;

export interface FoundObject {
  kind: string;
  /** Qualified and quoted as SQL wants it. */
  name: string;
  detail: string | null;
  comment: string | null;
  /** For a page that comes after this one. */
  position: SearchPosition;
}

interface FoundRow extends CatalogObject {
  rank: number;
  position: number;
  detail: string | null;
  comment: string | null;
}

/** Too many to be of use without a pattern. */
const ONLY_WITH_PATTERN: readonly ObjectGroup[] = ["column", "index", "trigger"];

/**
 * Objects of a database, the best match first: the name itself, names that begin with the pattern, names that hold it,
 * comments that hold it. Pages go on behind the last object given, so what comes or goes meanwhile hides nothing else.
 */
export async function searchObjects(
  reader: Reader,
  request: SearchRequest,
): Promise<{ objects: FoundObject[]; more: boolean }> {
  const rows = await reader.rows<FoundRow>(...searchQuery(request));
  const page = rows.slice(0, request.limit);
  return {
    objects: page.map(({ rank, position, kind, label, objoid, objsubid, detail, comment }) => ({
      kind,
      name: label,
      detail,
      comment,
      position: [rank, position, label, objoid, objsubid],
    })),
    more: rows.length > page.length,
  };
}

function searchQuery({ pattern, groups, schema, limit, after }: SearchRequest): [string, unknown[]] {
  const params: unknown[] = [];
  const parameter = (value: unknown) => `$${params.push(value)}`;
  const words = pattern === undefined ? undefined : namePattern(pattern);
  const target = pattern?.includes(".") ? "concat_ws('.', o.schema, o.parent, o.name)" : "o.name";
  const asked = groups ?? objectGroups.filter((group) => words || !ONLY_WITH_PATTERN.includes(group));
  const found = words ? matching(words, target, parameter) : { rank: "0", condition: "true" };
  const inSchema = schema === undefined ? `NOT ${isSystemSchema("o.schema")}` : `o.schema = ${parameter(schema)}`;
  const start = after && `WHERE (rank, position, label COLLATE "C", objoid, objsubid) > (${after.map(parameter)})`;
  const sql = `
    WITH found AS (
      SELECT o.*, ${found.rank} AS rank, d.description
      FROM ${objectsOf(asked, "o")} LEFT JOIN pg_description d USING (classoid, objoid, objsubid)
      WHERE ${inSchema} AND ${found.condition}
    ), page AS MATERIALIZED (
      SELECT * FROM found ${start ?? ""}
      ORDER BY rank, position, label COLLATE "C", objoid, objsubid LIMIT ${parameter(limit + 1)}
    )
    SELECT page.*, left(${detailOf("page")}, 200) AS detail,
      CASE WHEN length(description) > 200 THEN left(description, 200) || '…' ELSE description END AS comment
    FROM page ORDER BY rank, position, label COLLATE "C", objoid, objsubid`;
  return [sql, params];
}

function matching(words: NamePattern, target: string, parameter: (value: unknown) => string) {
  const match = parameter(words.match);
  const rank = `CASE WHEN ${target} ~ ${parameter(words.exact)} THEN 0 WHEN ${target} ~ ${parameter(words.prefix)} THEN 1
    WHEN ${target} ~ ${match} THEN 2 ELSE 3 END`;
  return { rank, condition: `(${target} ~ ${match} OR d.description ~ ${parameter(words.within)})` };
}
