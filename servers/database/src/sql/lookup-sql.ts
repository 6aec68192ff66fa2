/**
 * The gate asks under the caller's search_path, where anybody may have put an operator or a function of a well-known name.
 * So everything is written with its schema; operators, which would become unreadable, get theirs here.
 */
function pinned(sql: string): string {
  return sql.replace(/ (=|<|>=|<>|\|\|) /g, " OPERATOR(pg_catalog.$1) ").replaceAll("::@", "::pg_catalog.");
}

/** Objects below were made by initdb, never by a user. */
const FIRST_USER_OID = 16384;

// With EXISTS, PostgreSQL may read the dependencies of all functions instead: PostGIS alone has thousands.
const ownedByExtension = (oid: string) => `COALESCE((
  SELECT true FROM pg_catalog.pg_depend d
  WHERE d.classid = 'pg_catalog.pg_proc'::@regclass AND d.objid = ${oid} AND d.deptype = 'e' LIMIT 1), false)`;

const CONSTRUCTORS = "'{range_constructor0,range_constructor1,range_constructor2,range_constructor3}'";

/** A function that CREATE TYPE … AS RANGE made; its code is PostgreSQL's own (12 is the language `internal`). */
const isConstructor = (p: string) =>
  `(${p}.prolang = 12 AND pg_catalog.replace(${p}.prosrc, 'multirange', 'range') = ANY (${CONSTRUCTORS}))`;

/** A volatile function not known to be harmless, or one that a user made. */
const suspicious = (p: string) => `CASE WHEN ${p}.oid < ${FIRST_USER_OID}
  THEN ${p}.provolatile = 'v' AND NOT ${p}.proname = ANY ($5::@name[])
  ELSE NOT ${isConstructor(p)} AND (${p}.provolatile = 'v' OR NOT ${ownedByExtension(`${p}.oid`)}) END`;

/** $1 functions, $2 operators, $3 types, $4 relations, $5 harmless volatile functions, $6 tables of mask rules: names. */
export const QUICK = pinned(`
SELECT pg_catalog.current_setting('server_version_num')::@int4 AS version,
  pg_catalog.current_setting('server_encoding') AS encoding,
  EXISTS (SELECT FROM pg_catalog.pg_proc p WHERE (
    p.proname = ANY ($1::@name[])
    OR p.oid = ANY (ARRAY(SELECT o.oprcode::@oid FROM pg_catalog.pg_operator o
      WHERE o.oprname = ANY ($2::@name[]) AND o.oid >= ${FIRST_USER_OID}))
    OR p.oid = ANY (ARRAY(SELECT k.castfunc FROM pg_catalog.pg_cast k WHERE k.castfunc >= ${FIRST_USER_OID}))
  ) AND ${suspicious("p")})
  OR EXISTS (SELECT FROM pg_catalog.pg_type t WHERE t.typname = ANY ($3::@name[]) AND t.oid >= ${FIRST_USER_OID}
    AND NOT (t.typtype = ANY ('{b,e}') AND t.typelem = 0))
  OR EXISTS (SELECT FROM pg_catalog.pg_class c
    WHERE c.relname = ANY ($4::@name[]) AND c.oid >= ${FIRST_USER_OID} AND (
      NOT c.relkind = ANY ('{r,p,S}')
      OR (c.relhassubclass AND EXISTS (SELECT FROM pg_catalog.pg_foreign_table))
      OR (pg_catalog.cardinality($6::@text[]) <> 0 AND (
        c.relname = ANY ($6::@name[]) OR '*' = ANY ($6::@text[]) OR c.relhassubclass
        OR EXISTS (SELECT FROM pg_catalog.pg_inherits i WHERE i.inhrelid = c.oid))))) AS involved`);

/** A rule or an expression is stored as the tree it was parsed to, functions by oid: nothing in it depends on names. */
const oidsIn = (tree: string, fields: string) =>
  `pg_catalog.regexp_matches(${tree}::@text, ':(${fields}) (\\d+)', 'g') AS m(part)`;

const PRIVILEGES = ["pg_read_server_files", "pg_write_server_files", "pg_execute_server_program", "pg_signal_backend"];

/** A superuser is a member of every role. */
const mayReachServer = (role: string) =>
  `(${PRIVILEGES.map((privilege) => `pg_catalog.pg_has_role(${role}, '${privilege}'::@name, 'MEMBER')`).join(" OR ")})`;

const AGGREGATE_PARTS = ["trans", "final", "combine", "serial", "deserial", "mtrans", "minvtrans", "mfinal"]
  .map((part) => `g.agg${part}fn::@oid`)
  .join(", ");

/**
 * What a CTE found, anew as arrays: PostgreSQL guesses ten rows for those, but thousands for anything recursive. By such a
 * guess it would compile the query (JIT) for seconds.
 */
const few = (cte: string, ...columns: string[]) =>
  `ROWS FROM (${columns.map((column) => `pg_catalog.unnest(ARRAY(SELECT x.${column} FROM ${cte} x))`).join(", ")})`;

/** $1–$4 as in {@link QUICK}, $5 schemas named, $6–$9 mask rules: schemas, tables, columns, how they show, $10 settings are asked for. */
export const DETAILED = pinned(`
WITH RECURSIVE scope AS MATERIALIZED (
  SELECT n.oid, n.nspname FROM pg_catalog.pg_namespace n
  WHERE n.nspname = ANY (pg_catalog.current_schemas(true) || $5::@name[])
), reaching(root, oid, viewed) AS (
  SELECT c.oid, c.oid, false FROM pg_catalog.pg_class c
  WHERE c.relname = ANY ($4::@name[]) AND c.relnamespace = ANY (ARRAY(SELECT s.oid FROM scope s))
  UNION
  SELECT r.root, e.oid, r.viewed OR e.viewed FROM reaching r CROSS JOIN LATERAL (
    SELECT i.inhrelid, false FROM pg_catalog.pg_inherits i WHERE i.inhparent = r.oid
    UNION ALL
    SELECT m.part[2]::@oid, true FROM pg_catalog.pg_rewrite w CROSS JOIN LATERAL ${oidsIn("w.ev_action", "relid")}
    WHERE w.ev_class = r.oid AND w.rulename = '_RETURN' AND r.oid >= ${FIRST_USER_OID}
  ) e(oid, viewed)
), reached AS MATERIALIZED (
  SELECT * FROM ${few("reaching", "root", "oid", "viewed")} r(root, oid, viewed)
), all_view_parts AS MATERIALIZED (
  SELECT DISTINCT r.root, m.part[1] AS kind, m.part[2]::@oid AS oid FROM reached r
  JOIN pg_catalog.pg_rewrite w ON w.ev_class = r.oid AND w.rulename = '_RETURN' AND r.oid >= ${FIRST_USER_OID}
  CROSS JOIN LATERAL ${oidsIn("w.ev_action", "funcid|opfuncid|aggfnoid|winfnoid|resulttype")}
), view_parts AS MATERIALIZED (
  SELECT * FROM ${few("all_view_parts", "root", "kind", "oid")} v(root, kind, oid)
), all_types(oid) AS (
  SELECT s.oid FROM (
    SELECT t.oid FROM pg_catalog.pg_type t
    WHERE t.typname = ANY ($3::@name[]) AND t.typnamespace = ANY (ARRAY(SELECT s.oid FROM scope s))
    UNION ALL SELECT v.oid FROM view_parts v WHERE v.kind = 'resulttype'
  ) s
  UNION SELECT e.oid FROM all_types y JOIN pg_catalog.pg_type t ON t.oid = y.oid CROSS JOIN LATERAL (
    SELECT t.typelem UNION ALL SELECT t.typbasetype
    UNION ALL SELECT a.atttypid FROM pg_catalog.pg_attribute a WHERE a.attrelid = t.typrelid AND a.attnum >= 1
    UNION ALL SELECT g.rngsubtype FROM pg_catalog.pg_range g WHERE g.rngtypid = t.oid
  ) e(oid) WHERE e.oid >= ${FIRST_USER_OID}
), types AS MATERIALIZED (
  SELECT * FROM ${few("all_types", "oid")} t(oid)
), called AS MATERIALIZED (
  SELECT p.* FROM pg_catalog.pg_proc p
  WHERE p.proname = ANY ($1::@name[]) AND p.pronamespace = ANY (ARRAY(SELECT s.oid FROM scope s))
    AND (p.provolatile = 'v' OR p.oid >= ${FIRST_USER_OID})
), near(oid) AS MATERIALIZED (
  SELECT y.oid FROM types y
  UNION SELECT a.atttypid FROM reached r JOIN pg_catalog.pg_attribute a ON a.attrelid = r.oid AND a.attnum >= 1
  UNION SELECT x.oid FROM called p CROSS JOIN LATERAL pg_catalog.unnest(p.proargtypes::@oid[] || p.prorettype) x(oid)
  UNION SELECT x.oid FROM pg_catalog.pg_operator o CROSS JOIN LATERAL pg_catalog.unnest(ARRAY[o.oprleft, o.oprright]) x(oid)
  WHERE o.oprname = ANY ($2::@name[]) AND o.oid >= ${FIRST_USER_OID}
), found AS (
  SELECT p.oid, 'call' AS via, p.oid AS named, '' AS what, '' AS schema FROM called p
  UNION ALL
  SELECT o.oprcode::@oid, 'operator', 0, o.oprname::@text, s.nspname::@text FROM pg_catalog.pg_operator o
  JOIN scope s ON s.oid = o.oprnamespace WHERE o.oprname = ANY ($2::@name[]) AND o.oid >= ${FIRST_USER_OID}
  UNION ALL
  SELECT v.oid, 'view', 0, c.relname::@text, n.nspname::@text FROM view_parts v
  JOIN pg_catalog.pg_class c ON c.oid = v.root JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE v.kind <> 'resulttype'
  UNION ALL
  SELECT k.castfunc, 'cast', 0, pg_catalog.format_type(k.casttarget, NULL), '' FROM pg_catalog.pg_cast k
  WHERE k.castfunc >= ${FIRST_USER_OID} AND (
    k.casttarget = ANY (ARRAY(SELECT y.oid FROM types y)) OR (k.castcontext <> 'e' AND (
      (k.castsource < ${FIRST_USER_OID} OR k.castsource = ANY (ARRAY(SELECT x.oid FROM near x)))
      AND (k.casttarget < ${FIRST_USER_OID} OR k.casttarget = ANY (ARRAY(SELECT x.oid FROM near x))))))
  UNION ALL
  SELECT m.part[2]::@oid, 'domain', 0, pg_catalog.format_type(y.oid, NULL), ''
  FROM types y JOIN pg_catalog.pg_constraint d ON d.contypid = y.oid AND y.oid >= ${FIRST_USER_OID}
  CROSS JOIN LATERAL ${oidsIn("d.conbin", "funcid|opfuncid")}
), all_used AS (
  SELECT f.oid, f.via, f.named, f.what, f.schema FROM found f
  UNION SELECT s.oid, f.via, f.named, f.what, f.schema FROM found f
  JOIN pg_catalog.pg_aggregate g ON g.aggfnoid = f.oid AND f.oid >= ${FIRST_USER_OID}
  CROSS JOIN LATERAL pg_catalog.unnest(ARRAY[${AGGREGATE_PARTS}]) s(oid)
  UNION SELECT m.part[2]::@oid, f.via, f.named, f.what, f.schema FROM found f
  JOIN pg_catalog.pg_proc p ON p.oid = f.oid AND f.oid >= ${FIRST_USER_OID} AND p.pronargdefaults >= 1
  CROSS JOIN LATERAL ${oidsIn("p.proargdefaults", "funcid|opfuncid")}
), used AS MATERIALIZED (
  SELECT * FROM ${few("all_used", "oid", "via", "named", "what", "schema")} u(oid, via, named, what, schema)
), rules AS (
  SELECT * FROM ROWS FROM (pg_catalog.unnest($6::@text[]), pg_catalog.unnest($7::@text[]),
    pg_catalog.unnest($8::@text[]), pg_catalog.unnest($9::@text[])) r(schema, tbl, col, show)
), ancestors(root, oid, viewed) AS (
  SELECT r.root, r.oid, r.viewed FROM reached r WHERE EXISTS (SELECT FROM rules)
  UNION SELECT f.root, i.inhparent, f.viewed FROM ancestors f JOIN pg_catalog.pg_inherits i ON i.inhrelid = f.oid
), family AS MATERIALIZED (
  SELECT * FROM ${few("ancestors", "root", "oid", "viewed")} f(root, oid, viewed)
), masked AS (
  SELECT f.root, f.viewed, a.attname, pg_catalog.min(r.show) AS show, pg_catalog.bool_or(r.tbl <> '*') AS explicit
  FROM family f
  JOIN pg_catalog.pg_class c ON c.oid = f.oid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum >= 1 AND NOT a.attisdropped
  JOIN rules r ON (r.schema = '*' OR r.schema = n.nspname) AND (r.tbl = '*' OR r.tbl = c.relname)
    AND (r.col = '*' OR r.col = a.attname)
  WHERE c.oid >= ${FIRST_USER_OID} GROUP BY f.root, f.viewed, a.attname
)
SELECT pg_catalog.current_schemas(true)::@text[] AS path,
  ${mayReachServer("current_user")} AS privileged,
  ($10::@bool OR EXISTS (SELECT FROM reached r WHERE r.oid = 'pg_catalog.pg_settings'::@regclass))
    AND EXISTS (SELECT FROM pg_catalog.pg_show_all_settings() s WHERE s.name = 'primary_conninfo' AND s.setting <> '') AS "secretSettings",
  COALESCE((SELECT pg_catalog.json_agg(pg_catalog.json_build_object(
    'via', u.via, 'what', COALESCE(q.proname::@text, u.what), 'whatSchema', COALESCE(qn.nspname::@text, u.schema),
    'schema', n.nspname, 'name', p.proname, 'ownArgs', p.pronargs,
    'builtin', p.oid < ${FIRST_USER_OID}, 'volatile', p.provolatile = 'v', 'aggregate', q.prokind = 'a',
    'extension', (SELECT x.extname FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_extension x ON x.oid = d.refobjid
      WHERE d.classid = 'pg_catalog.pg_proc'::@regclass AND d.objid = p.oid AND d.deptype = 'e'),
    'elevated', p.prosecdef AND ${mayReachServer("p.proowner")},
    'constructor', ${isConstructor("p")},
    'args', q.pronargs, 'defaults', q.pronargdefaults, 'variadic', q.provariadic <> 0,
    'takesRow', (SELECT t.typtype = ANY ('{c,p,d}') FROM pg_catalog.pg_type t WHERE t.oid = q.proargtypes[0])))
    FROM used u JOIN pg_catalog.pg_proc p ON p.oid = u.oid JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
    LEFT JOIN pg_catalog.pg_proc q ON q.oid = u.named
    LEFT JOIN pg_catalog.pg_namespace qn ON qn.oid = q.pronamespace), '[]') AS functions,
  COALESCE((SELECT pg_catalog.json_agg(pg_catalog.json_build_object(
    'root', r.root::@int8, 'rootName', rc.relname, 'rootSchema', rn.nspname, 'viewed', r.viewed,
    'schema', n.nspname, 'name', c.relname, 'handler', h.handler))
    FROM reached r JOIN pg_catalog.pg_class c ON c.oid = r.oid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_catalog.pg_class rc ON rc.oid = r.root JOIN pg_catalog.pg_namespace rn ON rn.oid = rc.relnamespace
    LEFT JOIN LATERAL (
      SELECT pg_catalog.json_build_object('schema', pn.nspname, 'name', COALESCE(p.proname, ''), 'extension', (
        SELECT x.extname FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_extension x ON x.oid = d.refobjid
        WHERE d.classid = 'pg_catalog.pg_foreign_data_wrapper'::@regclass AND d.objid = w.oid AND d.deptype = 'e')) AS handler
      FROM pg_catalog.pg_foreign_table t JOIN pg_catalog.pg_foreign_server s ON s.oid = t.ftserver
      JOIN pg_catalog.pg_foreign_data_wrapper w ON w.oid = s.srvfdw LEFT JOIN pg_catalog.pg_proc p ON p.oid = w.fdwhandler
      LEFT JOIN pg_catalog.pg_namespace pn ON pn.oid = p.pronamespace WHERE t.ftrelid = c.oid) h ON true
    WHERE r.oid = r.root OR c.relkind = 'f' OR c.oid < ${FIRST_USER_OID}), '[]') AS relations,
  COALESCE((SELECT pg_catalog.json_agg(pg_catalog.json_build_object(
    'root', m.root::@int8, 'viewed', m.viewed, 'name', m.attname, 'show', m.show, 'explicit', m.explicit,
    'column', (SELECT a.attnum FROM pg_catalog.pg_attribute a WHERE a.attrelid = m.root AND a.attname = m.attname)))
    FROM masked m), '[]') AS masked,
  COALESCE((SELECT pg_catalog.json_object_agg(k.root::@text, (
    SELECT pg_catalog.json_agg(a.attname) FROM pg_catalog.pg_attribute a WHERE a.attrelid = k.root))
    FROM (SELECT DISTINCT m.root FROM masked m) k), '{}') AS columns`);
