/** Rows a table is thought to have, by its last vacuum or analyze; NULL before the first. */
export const estimatedRows = (relation: string) =>
  // Before PostgreSQL 14, 0 also meant "never counted".
  `CASE WHEN ${relation}.reltuples < 0 OR (${relation}.relpages = 0 AND ${relation}.reltuples = 0
     AND current_setting('server_version_num')::int4 < 140000) THEN NULL ELSE ${relation}.reltuples::int8 END`;

/** Whether a column refuses NULL, by itself or by its domain. */
export const refusesNull = (column: string) =>
  `(${column}.attnotnull OR (SELECT t.typnotnull FROM pg_type t WHERE t.oid = ${column}.atttypid))`;

const partitionNote = (id: string) =>
  `(SELECT 'partition of ' || i.inhparent::regclass FROM pg_inherits i JOIN pg_class p ON p.oid = i.inhparent
    WHERE i.inhrelid = ${id} AND p.relkind = 'p')`;

const relationDetail = (id: string) => `(SELECT concat_ws(', ',
    CASE WHEN c.relispartition THEN ${partitionNote("c.oid")} END,
    (SELECT count(*) FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) || ' columns',
    CASE c.relkind WHEN 'p' THEN (SELECT count(*) FROM pg_inherits i WHERE i.inhparent = c.oid) || ' partitions'
      WHEN 'v' THEN NULL ELSE '~' || ${estimatedRows("c")} || ' rows' END)
  FROM pg_class c WHERE c.oid = ${id})`;

const indexDetail = (id: string) => `(SELECT concat_ws(' ', CASE WHEN NOT i.indisvalid THEN 'invalid' END,
    CASE WHEN i.indisprimary THEN 'primary key' WHEN i.indisunique THEN 'unique' END, 'on', i.indrelid::regclass)
  FROM pg_index i WHERE i.indexrelid = ${id})`;

const sequenceDetail = (id: string) => `(SELECT format('of %s.%I', d.refobjid::regclass, a.attname)
  FROM pg_depend d JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
  WHERE d.classid = 'pg_class'::regclass AND d.objid = ${id} AND d.refclassid = 'pg_class'::regclass
    AND d.deptype IN ('a', 'i') LIMIT 1)`;

const functionDetail = (id: string) => `(SELECT concat_ws(', ', 'returns ' || pg_get_function_result(p.oid), l.lanname)
  FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang WHERE p.oid = ${id})`;

const typeDetail = (id: string) => `(SELECT CASE t.typtype
    WHEN 'e' THEN (SELECT string_agg(e.enumlabel, ', ' ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid)
    WHEN 'd' THEN format_type(t.typbasetype, t.typtypmod) END
  FROM pg_type t WHERE t.oid = ${id})`;

/** An expression: what is worth knowing of an object beside its name, in a few words. Takes no locks. */
export const detailOf = (object: string) => `CASE ${object}.kind
  WHEN 'column' THEN (SELECT format_type(a.atttypid, a.atttypmod) || CASE WHEN ${refusesNull("a")} THEN ' not null' ELSE '' END
    FROM pg_attribute a WHERE a.attrelid = ${object}.objoid AND a.attnum = ${object}.objsubid)
  WHEN 'index' THEN ${indexDetail(`${object}.objoid`)}
  WHEN 'sequence' THEN ${sequenceDetail(`${object}.objoid`)}
  WHEN 'extension' THEN (SELECT x.extversion FROM pg_extension x WHERE x.oid = ${object}.objoid)
  WHEN 'schema' THEN (SELECT count(*) || ' relations' FROM pg_class c
    WHERE c.relnamespace = ${object}.objoid AND c.relkind IN ('r', 'p', 'f', 'v', 'm'))
  WHEN 'trigger' THEN (SELECT 'calls ' || t.tgfoid::regproc FROM pg_trigger t WHERE t.oid = ${object}.objoid)
  ELSE CASE ${object}.classoid
    WHEN 'pg_class'::regclass THEN ${relationDetail(`${object}.objoid`)}
    WHEN 'pg_proc'::regclass THEN ${functionDetail(`${object}.objoid`)}
    ELSE ${typeDetail(`${object}.objoid`)} END
  END`;
