/** What a search can be limited to; each stands for all its kinds (`table` for partitioned and foreign ones too). */
export const objectGroups = [
  "table",
  "view",
  "column",
  "function",
  "index",
  "sequence",
  "type",
  "trigger",
  "schema",
  "extension",
] as const;

export type ObjectGroup = (typeof objectGroups)[number];

/** Relations that have rows, apart from views. */
export const TABLE_KINDS = "'r', 'p', 'f'";
export const VIEW_KINDS = "'v', 'm'";

/** `relkind` as words. */
export const relationKind = (relation: string) => `CASE ${relation}.relkind
  WHEN 'r' THEN 'table' WHEN 'p' THEN 'partitioned table' WHEN 'f' THEN 'foreign table' WHEN 'v' THEN 'view'
  WHEN 'm' THEN 'materialized view' WHEN 'S' THEN 'sequence' WHEN 'c' THEN 'composite type' ELSE 'index' END`;

/** Schemas that belong to the system: shown only by name. */
export const isSystemSchema = (schema: string) => `(${schema} ~ '^pg_' OR ${schema} = 'information_schema')`;

const isMember = (classId: string, id: string) =>
  `EXISTS (SELECT FROM pg_depend e WHERE e.classid = ${classId} AND e.objid = ${id} AND e.deptype = 'e')`;

/** Rows of one group: partitions and what extensions brought come after the rest. */
const branch = (columns: string[], from: string) => `SELECT ${columns.join(", ")} FROM ${from}`;

const relations = (kinds: string, order: number) =>
  branch(
    [
      relationKind("c"),
      `${order} + CASE WHEN c.relispartition THEN 10 ELSE 0 END
         + CASE WHEN ${isMember("'pg_class'::regclass", "c.oid")} THEN 20 ELSE 0 END`,
      "'pg_class'::regclass::oid, c.oid, 0",
      "n.nspname::text, NULL::text, c.relname::text, c.oid::regclass::text",
    ],
    `pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN (${kinds})`,
  );

const columns = branch(
  [
    "'column', 6 + CASE WHEN c.relispartition THEN 10 ELSE 0 END",
    "'pg_class'::regclass::oid, c.oid, a.attnum::int4",
    "n.nspname::text, c.relname::text, a.attname::text, c.oid::regclass || '.' || quote_ident(a.attname)",
  ],
  `pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN (${TABLE_KINDS}, ${VIEW_KINDS})`,
);

const functions = branch(
  [
    "CASE p.prokind WHEN 'p' THEN 'procedure' WHEN 'a' THEN 'aggregate' WHEN 'w' THEN 'window function' ELSE 'function' END",
    `3 + CASE WHEN ${isMember("'pg_proc'::regclass", "p.oid")} THEN 20 ELSE 0 END`,
    "'pg_proc'::regclass::oid, p.oid, 0",
    "n.nspname::text, NULL, p.proname::text",
    "format('%I.%I(%s)', n.nspname, p.proname, oidvectortypes(p.proargtypes))",
  ],
  "pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace",
);

/** Not the row types of tables, and not the array and multirange types that every type brings along. */
const types = branch(
  [
    `CASE t.typtype WHEN 'e' THEN 'enum' WHEN 'd' THEN 'domain' WHEN 'c' THEN 'composite type' WHEN 'r' THEN 'range type'
       ELSE 'type' END`,
    `4 + CASE WHEN ${isMember("'pg_type'::regclass", "t.oid")} THEN 20 ELSE 0 END`,
    "'pg_type'::regclass::oid, t.oid, 0",
    "n.nspname::text, NULL, t.typname::text, format('%I.%I', n.nspname, t.typname)",
  ],
  `pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace LEFT JOIN pg_class c ON c.oid = t.typrelid
   WHERE (c.oid IS NULL OR c.relkind = 'c') AND t.typtype <> 'm'
     AND (t.typtype = 'd' OR t.typcategory <> 'A')`,
);

const triggers = branch(
  [
    "'trigger', 7",
    "'pg_trigger'::regclass::oid, t.oid, 0",
    "n.nspname::text, c.relname::text, t.tgname::text, c.oid::regclass || '.' || quote_ident(t.tgname)",
  ],
  `pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE NOT t.tgisinternal`,
);

const schemas = branch(
  [
    "'schema', 2, 'pg_namespace'::regclass::oid, n.oid, 0",
    "n.nspname::text, NULL, n.nspname::text, quote_ident(n.nspname)",
  ],
  "pg_namespace n",
);

const extensions = branch(
  [
    "'extension', 8, 'pg_extension'::regclass::oid, x.oid, 0",
    "n.nspname::text, NULL, x.extname::text, quote_ident(x.extname)",
  ],
  "pg_extension x JOIN pg_namespace n ON n.oid = x.extnamespace",
);

const queries: Record<ObjectGroup, string> = {
  table: relations(TABLE_KINDS, 0),
  view: relations(VIEW_KINDS, 1),
  column: columns,
  function: functions,
  index: relations("'i', 'I'", 5),
  sequence: relations("'S'", 5),
  type: types,
  trigger: triggers,
  schema: schemas,
  extension: extensions,
};

/** An object of a database, as {@link objectsOf} finds it. */
export interface CatalogObject {
  group: ObjectGroup;
  /** In words: `partitioned table`, `enum`. */
  kind: string;
  /** Catalog that holds it, its OID there and, of a column, its number: what `pg_description` calls it. */
  classoid: number;
  objoid: number;
  objsubid: number;
  schema: string;
  /** Table of a column or trigger. */
  parent: string | null;
  name: string;
  /** Qualified and quoted, so that SQL and describe_object take it: `public."Order Lines"`, `app.total(integer)`. */
  label: string;
}

/**
 * All objects of some groups as an item of FROM, with the columns of {@link CatalogObject} and `position`, by which kinds
 * are listed. Takes no locks, so nothing that happens to a table keeps it from being found.
 * @param groups at least one
 */
export const objectsOf = (groups: readonly ObjectGroup[], alias: string) =>
  `(${groups.map((group) => `SELECT '${group}', one.* FROM (${queries[group]}) one`).join("\nUNION ALL\n")})
   AS ${alias}("group", kind, position, classoid, objoid, objsubid, schema, parent, name, label)`;
