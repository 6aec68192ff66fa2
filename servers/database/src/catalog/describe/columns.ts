import type { Reader } from "../../engine/types.js";
import { refusesNull } from "../object-detail.js";

export interface ColumnFacts {
  name: string;
  type: string;
  notNull: boolean;
  default: string | null;
  identity: string | null;
  generated: string | null;
  collation: string | null;
  /** Of an enum. */
  values: string | null;
  comment: string | null;
}

/** Columns of a relation in their order, without dropped ones. */
export const columnsOf = (reader: Reader, relation: number) => reader.rows<ColumnFacts>(COLUMNS, [relation]);

const COLUMNS = `
  SELECT a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type, ${refusesNull("a")} AS "notNull",
    CASE WHEN a.attgenerated = '' THEN pg_get_expr(d.adbin, d.adrelid) END AS default,
    CASE a.attidentity WHEN 'a' THEN 'always' WHEN 'd' THEN 'by default' END AS identity,
    CASE WHEN a.attgenerated <> ''
      THEN pg_get_expr(d.adbin, d.adrelid) || CASE a.attgenerated WHEN 'v' THEN ' virtual' ELSE ' stored' END END AS generated,
    CASE WHEN a.attcollation <> t.typcollation THEN a.attcollation::regcollation::text END AS collation,
    left((SELECT string_agg(e.enumlabel, ' | ' ORDER BY e.enumsortorder) FROM pg_enum e
      WHERE e.enumtypid IN (t.oid, t.typelem)), 500) AS values,
    left(col_description(a.attrelid, a.attnum), 1000) AS comment
  FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
    LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
  WHERE a.attrelid = $1 AND a.attnum > 0 AND NOT a.attisdropped
  ORDER BY a.attnum`;
