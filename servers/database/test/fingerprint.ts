import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import type { TestPostgres } from "@mcp-reference/testing";
import { watch } from "./watcher.js";

/** What a server holds, by what it is called; two of them are equal when nothing was changed in between. */
export type Fingerprint = Record<string, string>;

/** Shared by all databases. That the next transaction id stays means that nobody wrote, whatever else was forgotten here. */
const SHARED: Record<string, string> = {
  transactions: "SELECT pg_snapshot_xmax(pg_current_snapshot())",
  roles: "SELECT * FROM pg_authid",
  members: "SELECT * FROM pg_auth_members",
  settings: "SELECT * FROM pg_db_role_setting",
  databases: "SELECT datname, datdba, datacl, datallowconn, datconnlimit FROM pg_database",
  tablespaces: "SELECT * FROM pg_tablespace",
  subscriptions: "SELECT subname FROM pg_subscription",
  prepared: "SELECT gid FROM pg_prepared_xacts",
  slots: "SELECT slot_name FROM pg_replication_slots",
  origins: "SELECT * FROM pg_replication_origin",
  files: "SELECT name, setting FROM pg_file_settings",
  loaded: "SELECT name, setting FROM pg_settings WHERE source NOT IN ('client', 'session')",
};

/** Catalogs of each database; in pg_class the numbers that VACUUM keeps are left out. */
const CATALOGS = [
  ..."pg_attribute pg_attrdef pg_proc pg_type pg_namespace pg_constraint pg_trigger pg_rewrite pg_policy pg_operator".split(
    " ",
  ),
  ..."pg_cast pg_aggregate pg_description pg_seclabel pg_extension pg_event_trigger pg_foreign_server pg_user_mapping".split(
    " ",
  ),
  ..."pg_foreign_table pg_language pg_default_acl pg_publication pg_sequence pg_statistic pg_collation".split(" "),
  ..."pg_largeobject pg_largeobject_metadata".split(" "),
];

const CLASSES = "SELECT oid, relname, relnamespace, relowner, relfilenode, relacl, relkind, reloptions FROM pg_class";

const RELATIONS = `SELECT format('%I.%I', n.nspname, c.relname) AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'm', 'S') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'`;

/** Reads everything as the superuser. Nothing else may be at work in the server. */
export async function fingerprint(server: TestPostgres): Promise<Fingerprint> {
  const { url, dataDir } = server;
  const found: Fingerprint = {};
  const watcher = await watch(url);
  const names = await watcher.query("SELECT datname AS name FROM pg_database WHERE datallowconn ORDER BY 1");
  for (const [name, sql] of Object.entries(SHARED)) found[name] = await digest(watcher, sql);
  await watcher.close();
  for (const { name } of names) await addDatabase(found, String(name), server.urlFor(String(name)));
  found["data directory"] = listing(dataDir);
  found["relation files"] = readdirSync(join(dataDir, "base"))
    .filter((folder) => folder !== "pgsql_tmp")
    .map((folder) => `${folder}: ${listing(join(dataDir, "base", folder))}`)
    .join("\n");
  found["postgresql.auto.conf"] = readFileSync(join(dataDir, "postgresql.auto.conf"), "utf8");
  found["files of attacks"] = attackFiles().join(" ");
  return found;
}

async function addDatabase(found: Fingerprint, name: string, url: string): Promise<void> {
  const watcher = await watch(url);
  found[`${name}: pg_class`] = await digest(watcher, CLASSES);
  for (const catalog of CATALOGS) found[`${name}: ${catalog}`] = await digest(watcher, `TABLE ${catalog}`);
  const relations = await watcher.query(RELATIONS);
  for (const { name: relation } of relations) {
    found[`${name}: ${relation}`] = await digest(watcher, `SELECT * FROM ${relation}`);
  }
  await watcher.close();
}

async function digest(watcher: Awaited<ReturnType<typeof watch>>, sql: string): Promise<string> {
  const rows = (await watcher.query(sql)).map((row) => JSON.stringify(row)).sort();
  const hash = createHash("sha256").update(rows.join("\n")).digest("hex").slice(0, 16);
  return `${rows.length} rows, ${hash}`;
}

/** What PostgreSQL makes and removes as it likes: its caches of the catalog, maps of free space, and room for sorting. */
const listing = (folder: string) =>
  readdirSync(folder)
    .filter((name) => !/^pg_internal\.init|_(fsm|vm)$/.test(name))
    .sort()
    .join(" ");

/** Where the attacks on files would write. */
const attackFiles = () =>
  [...new Set(["/tmp", tmpdir()])]
    .flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)))
    .filter((path) => basename(path).startsWith("attack"))
    .sort();
