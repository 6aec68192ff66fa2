import { ToolError } from "@mcp-reference/validation";
import { completeName } from "../catalog/complete-name.js";
import { tableColumns } from "../catalog/table-columns.js";
import { resource } from "../define.js";
import type { Database, Databases } from "../engine/types.js";
import { json } from "./json.js";
import { listTableEntries } from "./list-table-entries.js";
import { serverTableUri } from "./table-uri.js";

/** The URIs of the PostgreSQL reference server, which name the server and with it the database; never a user or password. */
export const serverTableSchema = resource({
  name: "server_table_schema",
  template: "postgres://{+address}/{table}/schema",
  description: "Columns of a table or view: column_name and data_type.",
  complete: {
    address: (typed, { databases }) =>
      onServers(databases).flatMap(({ info }) => (info.address.startsWith(typed) ? [info.address] : [])),
    table: (typed, { databases, signal }, { address }) =>
      completeName(databaseAt(databases, address ?? ""), typed, { groups: ["table", "view"], signal }),
  },
  list: (page, { databases, signal }) =>
    listTableEntries(onServers(databases), page, {
      uriOf: serverTableUri,
      signal,
    }),
  read: async ({ address = "", table = "" }, { databases, signal }) =>
    json(await databaseAt(databases, address).read((session) => tableColumns(session, table), { signal })),
});

const onServers = ({ all }: Databases) => all.filter(({ info }) => info.kind === "server");

/**
 * The database that an address means: `host:port/database`, also with a user in front, without the port where it is the
 * default, and without the database, which the reference server leaves out.
 */
function databaseAt(databases: Databases, given: string): Database {
  const address = given.replace(/^[^/]*@/, "").replace(/^([^/:]+)(?=\/|$)/, "$1:5432");
  const found = onServers(databases).find(
    ({ info }) => info.address === address || info.address.startsWith(`${address}/`),
  );
  if (found) return found;
  // What was given may hold a password: it is not repeated.
  throw new ToolError("NOT_FOUND", "no database is configured at this address", {
    hint: "list_databases shows the addresses",
  });
}
