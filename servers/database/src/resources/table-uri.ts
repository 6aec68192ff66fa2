import type { Database, DatabaseInfo, Databases } from "../engine/types.js";

/** @param table as SQL writes it */
export const tableUri = (table: string) => `db://tables/${encodeURIComponent(table)}/schema`;

/** The URI of the PostgreSQL reference server, which names the database by its address. */
export const serverTableUri = ({ address }: DatabaseInfo, table: string) =>
  `postgres://${encodeURI(address)}/${encodeURIComponent(table)}/schema`;

/** The URI that says the most of an object: the short one is of the default database alone. */
export const objectUri = (databases: Databases, from: Database, name: string) =>
  from === databases.get() || from.info.kind === "embedded" ? tableUri(name) : serverTableUri(from.info, name);
