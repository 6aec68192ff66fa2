import type { Reader } from "../../engine/types.js";
import { columnsOf } from "./columns.js";
import { constraintsOf } from "./constraints.js";
import { cut, listed, withoutEmpty } from "./description.js";
import { indexesOf } from "./indexes.js";
import { familyOf } from "./partitions.js";
import { privilegesOn } from "./privileges.js";
import { policiesOf } from "./row-security.js";
import { sizesOf } from "./sizes.js";
import { triggersOf } from "./triggers.js";

interface Head {
  relkind: string;
  owner: string;
  comment: string | null;
  options: string[] | null;
  unlogged: boolean;
  partition: boolean;
  related: boolean;
  rowSecurity: string | null;
  unpopulated: boolean;
  server: string | null;
  definition: string | null;
}

const LONGEST_DEFINITION = 20_000;

/** Everything about a table, partitioned or foreign ones included, a view or a materialized view. */
export async function describeRelation(reader: Reader, oid: number): Promise<Record<string, unknown>> {
  const [head] = await reader.rows<Head>(HEAD, [oid]);
  if (!head) return {};
  const { relkind, related, partition, definition, options, ...facts } = head;
  const isView = relkind === "v";
  return {
    comment: facts.comment,
    owner: facts.owner,
    privileges: await privilegesOn(reader, oid),
    ...(isView ? {} : await sizesOf(reader, oid)),
    unlogged: facts.unlogged,
    options: options?.join(", "),
    server: facts.server,
    unpopulated: facts.unpopulated,
    ...(related ? await familyOf(reader, { oid, partition, partitioned: relkind === "p" }) : {}),
    columns: (await columnsOf(reader, oid)).map(withoutEmpty),
    ...(isView ? {} : await constraintsOf(reader, oid)),
    ...(isView ? {} : listed("indexes", await indexesOf(reader, { table: oid }))),
    rowSecurity: facts.rowSecurity,
    ...listed("policies", await policiesOf(reader, oid)),
    ...listed("triggers", await triggersOf(reader, oid)),
    definition: cut(definition, LONGEST_DEFINITION),
  };
}

const HEAD = `
  SELECT c.relkind, pg_get_userbyid(c.relowner) AS owner, obj_description(c.oid, 'pg_class') AS comment,
    c.reloptions AS options, c.relpersistence = 'u' AS unlogged, c.relispartition AS partition,
    c.relkind = 'p' OR EXISTS (SELECT FROM pg_inherits i WHERE c.oid IN (i.inhrelid, i.inhparent)) AS related,
    CASE WHEN c.relforcerowsecurity AND c.relrowsecurity THEN 'enabled, forced on the owner too'
      WHEN c.relrowsecurity THEN 'enabled' WHEN EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid)
      THEN 'disabled: the policies have no effect' END AS "rowSecurity",
    c.relkind = 'm' AND NOT c.relispopulated AS unpopulated,
    (SELECT s.srvname FROM pg_foreign_table f JOIN pg_foreign_server s ON s.oid = f.ftserver WHERE f.ftrelid = c.oid) AS server,
    CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid, true) END AS definition
  FROM pg_class c WHERE c.oid = $1`;
