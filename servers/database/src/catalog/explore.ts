import type { Reader } from "../engine/types.js";
import { withoutEmpty } from "./describe/description.js";
import { largestTables } from "./largest-tables.js";
import { listSchemas } from "./list-schemas.js";
import { relationships } from "./relationships.js";
import { serverFacts } from "./server-facts.js";

const LARGEST = 40;
const MOST_RELATIONSHIPS = 150;

/** A database at a glance: schemas, its largest tables, how they hang together. */
export async function explore(reader: Reader): Promise<Record<string, unknown>> {
  const { version, role, size } = await serverFacts(reader);
  const schemas = await listSchemas(reader);
  const tables = await largestTables(reader, LARGEST);
  const foreignKeys = await relationships(reader, MOST_RELATIONSHIPS);
  return withoutEmpty({
    version,
    role,
    size,
    schemas: schemas.map(({ tables, ...schema }) => withoutEmpty({ ...schema, tables: tables.length })),
    largestTables: tables.map(withoutEmpty),
    relationships: foreignKeys.relationships.map(
      ({ from, columns, to, references }) => `${from} (${columns.join(", ")}) -> ${to} (${references.join(", ")})`,
    ),
    moreRelationships: foreignKeys.more,
  });
}
