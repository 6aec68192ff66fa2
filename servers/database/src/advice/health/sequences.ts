import { counted, percent } from "../amounts.js";
import { type HealthCheck, type Status, worst } from "./health-check.js";

interface Limits {
  warning: number;
  critical: number;
}

/** Sequences that near their end, or the end of the column they fill. */
export const sequences = ({ warning, critical }: Limits = { warning: 0.7, critical: 0.9 }): HealthCheck => ({
  name: "sequences",
  async run(session) {
    const used = await session.rows<Sequence>(SEQUENCES);
    const [all] = await session.rows<{ hidden: number }>(HIDDEN);
    const high = used.filter(({ share }) => share >= warning);
    const hidden = all?.hidden ?? 0;
    const statuses = high.map(({ share }): Status => (share >= critical ? "critical" : "warning"));
    return {
      status: worst([...statuses, hidden > 0 ? "unknown" : "ok"]),
      summary: [
        high.length > 0
          ? `${counted(high.length, "sequence")} over ${percent(warning)} used`
          : used[0]
            ? `The fullest sequence is ${percent(used[0].share)} used`
            : "No sequence has been used",
        ...(hidden > 0 ? [`${counted(hidden, "sequence")} hidden from this role`] : []),
      ].join(", "),
      evidence: high.map(({ sequence, column, type, last, end, share }) => ({
        sequence,
        column: column ?? "",
        "column type": type ?? "",
        last,
        end,
        used: percent(share),
      })),
      advice: [
        ...(high.length > 0
          ? [
              "ALTER TABLE … ALTER COLUMN … TYPE bigint (rewrites the table: plan it), and ALTER SEQUENCE … AS bigint; foreign keys that refer to it too",
            ]
          : []),
        ...(hidden > 0 ? ["GRANT SELECT ON ALL SEQUENCES IN SCHEMA …, or GRANT pg_read_all_data"] : []),
      ].join(". "),
    };
  },
});

interface Sequence {
  sequence: string;
  column: string | null;
  type: string | null;
  last: string;
  end: string;
  share: number;
}

// A sequence belongs to a column (serial, identity), or a column's default calls it; the narrower of both ends.
const SEQUENCES = `
WITH columns AS (
  SELECT d.objid AS seq, d.refobjid AS rel, d.refobjsubid AS att FROM pg_depend d
  WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i') AND d.refobjsubid > 0
  UNION
  SELECT d.refobjid, ad.adrelid, ad.adnum FROM pg_depend d JOIN pg_attrdef ad ON ad.oid = d.objid
  WHERE d.classid = 'pg_attrdef'::regclass AND d.refclassid = 'pg_class'::regclass AND d.deptype = 'n'
), ends AS (
  SELECT format('%I.%I', s.schemaname, s.sequencename) AS sequence, c.rel::regclass::text || '.' || quote_ident(a.attname) AS column,
    format_type(a.atttypid, NULL) AS type, s.last_value::numeric AS last, s.increment_by > 0 AS ascends,
    s.min_value::numeric AS least, s.max_value::numeric AS most,
    CASE a.atttypid WHEN 'int2'::regtype THEN 32767 WHEN 'int4'::regtype THEN 2147483647 ELSE 9223372036854775807 END::numeric AS fits
  FROM pg_sequences s
  JOIN pg_namespace n ON n.nspname = s.schemaname
  JOIN pg_class q ON q.relnamespace = n.oid AND q.relname = s.sequencename
  LEFT JOIN columns c ON c.seq = q.oid
  LEFT JOIN pg_attribute a ON a.attrelid = c.rel AND a.attnum = c.att
  WHERE NOT s.cycle AND s.last_value IS NOT NULL
)
SELECT sequence, "column", type, last::text AS last, (CASE WHEN ascends THEN least(most, fits) ELSE greatest(least, -fits) END)::text AS end,
  (CASE WHEN ascends THEN (last - least) / greatest(least(most, fits) - least, 1)
        ELSE (most - last) / greatest(most - greatest(least, -fits), 1) END)::float8 AS share
FROM ends ORDER BY share DESC LIMIT 100`;

const HIDDEN = `
SELECT count(*) AS hidden FROM pg_class c
WHERE c.relpersistence <> 't' AND CASE c.relkind WHEN 'S' THEN NOT has_sequence_privilege(c.oid, 'SELECT, USAGE') ELSE false END`;
