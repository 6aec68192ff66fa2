import type { Reader } from "../../engine/types.js";
import { columnsOf } from "./columns.js";
import { listed, withoutEmpty } from "./description.js";

interface TypeFacts {
  relation: number;
  values: string[] | null;
  [fact: string]: unknown;
}

/** Values of an enum, base and checks of a domain, attributes of a composite type, and the columns of the type. */
export async function describeType(reader: Reader, oid: number): Promise<Record<string, unknown>> {
  const [facts] = await reader.rows<TypeFacts>(TYPE, [oid]);
  if (!facts) return {};
  const { relation, ...shown } = facts;
  const usedBy = await reader.rows<{ name: string }>(USED_BY, [oid]);
  return {
    ...shown,
    attributes: relation > 0 ? (await columnsOf(reader, relation)).map(withoutEmpty) : [],
    ...listed("checks", await reader.rows<{ name: string; definition: string }>(CHECKS, [oid])),
    usedBy: usedBy.map(({ name }) => name),
  };
}

const TYPE = `
  SELECT obj_description(t.oid, 'pg_type') AS comment, pg_get_userbyid(t.typowner) AS owner, t.typrelid AS relation,
    (SELECT array_agg(e.enumlabel::text ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid) AS values,
    CASE WHEN t.typtype = 'd' THEN format_type(t.typbasetype, t.typtypmod) END AS base,
    t.typnotnull AS "notNull", t.typdefault AS default,
    (SELECT format_type(r.rngsubtype, NULL) FROM pg_range r WHERE r.rngtypid = t.oid) AS subtype
  FROM pg_type t WHERE t.oid = $1`;

const CHECKS = `
  SELECT conname AS name, pg_get_constraintdef(oid, true) AS definition
  FROM pg_constraint WHERE contypid = $1 AND contype = 'c' ORDER BY 1`;

const USED_BY = `
  SELECT format('%s.%I', c.oid::regclass, a.attname) AS name
  FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
  WHERE a.atttypid IN ($1, (SELECT typarray FROM pg_type WHERE oid = $1)) AND a.attnum > 0 AND NOT a.attisdropped
    AND c.relkind IN ('r', 'p', 'f', 'v', 'm', 'c')
  ORDER BY 1 LIMIT 50`;
