import type { Reader } from "../../engine/types.js";

/** Range, step and last value of a sequence; the last value is left out where the role may not see it. */
export async function describeSequence(reader: Reader, oid: number): Promise<Record<string, unknown>> {
  const [facts] = await reader.rows<Record<string, unknown>>(SEQUENCE, [oid]);
  return facts ?? {};
}

const SEQUENCE = `
  SELECT obj_description(c.oid, 'pg_class') AS comment, pg_get_userbyid(c.relowner) AS owner,
    format_type(s.seqtypid, NULL) AS type, s.seqstart::text AS start, s.seqmin::text AS min, s.seqmax::text AS max,
    s.seqincrement AS increment, s.seqcache AS cache, s.seqcycle AS cycle,
    CASE WHEN has_sequence_privilege(c.oid, 'USAGE, SELECT') THEN pg_sequence_last_value(c.oid)::text END AS "lastValue",
    (SELECT format('%s.%I', d.refobjid::regclass, a.attname)
     FROM pg_depend d JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
     WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.refclassid = 'pg_class'::regclass
       AND d.deptype IN ('a', 'i') LIMIT 1) AS "ownedBy"
  FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid WHERE c.oid = $1`;
