import type { Reader } from "../../engine/types.js";
import { indexesOf } from "./indexes.js";

/** An index by itself: its table and all that is listed of it there. */
export async function describeIndex(reader: Reader, oid: number): Promise<Record<string, unknown>> {
  const [table] = await reader.rows<{ table: string; comment: string | null }>(TABLE, [oid]);
  const [facts] = await indexesOf(reader, { index: oid });
  return { ...table, ...facts };
}

const TABLE = `
  SELECT i.indrelid::regclass::text AS table, obj_description(i.indexrelid, 'pg_class') AS comment
  FROM pg_index i WHERE i.indexrelid = $1`;
