import { withoutEmpty } from "../catalog/describe/description.js";
import { listSchemas } from "../catalog/list-schemas.js";
import { resource } from "../define.js";
import { json } from "./json.js";
import { completeDatabase, listPerDatabase } from "./per-database.js";

export const databaseSchemas = resource({
  name: "database_schemas",
  template: "db://{database}/schemas",
  description: "Schemas of a configured database and the tables and views in them.",
  complete: { database: completeDatabase },
  list: listPerDatabase("schemas"),
  async read({ database }, { databases, signal }) {
    const from = databases.get(database);
    const schemas = await from.read(listSchemas, { signal });
    return json({
      database: from.info.name,
      schemas: schemas.map((schema) => ({ tables: [], ...withoutEmpty(schema) })),
    });
  },
});
