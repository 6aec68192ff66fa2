import { completeName } from "../catalog/complete-name.js";
import { describeObject } from "../catalog/describe-object.js";
import { resource } from "../define.js";
import { json } from "./json.js";
import { listTableEntries } from "./list-table-entries.js";
import { tableUri } from "./table-uri.js";

export const tableSchema = resource({
  name: "table_schema",
  template: "db://tables/{table_name}/schema",
  description: "All about a table or view of the default database: columns, keys, indexes, policies, sizes.",
  complete: {
    table_name: (typed, { databases, signal }) =>
      completeName(databases.get(), typed, { groups: ["table", "view"], signal }),
  },
  // Those on servers are listed with their address.
  list: (page, { databases, signal }) => {
    const embedded = databases.get();
    return listTableEntries(embedded.info.kind === "embedded" ? [embedded] : [], page, {
      uriOf: (_info, table) => tableUri(table),
      signal,
    });
  },
  read: async ({ table_name = "" }, { databases, signal }) =>
    json(await databases.get().read((session) => describeObject(session, table_name), { signal })),
});
