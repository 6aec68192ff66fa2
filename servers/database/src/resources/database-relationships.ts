import { relationships } from "../catalog/relationships.js";
import { resource } from "../define.js";
import { json } from "./json.js";
import { completeDatabase, listPerDatabase } from "./per-database.js";

/** Foreign keys: more would not fit into a resource anyway. */
const MOST = 5_000;

export const databaseRelationships = resource({
  name: "database_relationships",
  template: "db://{database}/relationships",
  description: "Foreign keys of a configured database: how its tables hang together.",
  complete: { database: completeDatabase },
  list: listPerDatabase("relationships"),
  async read({ database }, { databases, signal }) {
    const from = databases.get(database);
    const found = await from.read((session) => relationships(session, MOST), { signal });
    return json({ database: from.info.name, relationships: found.relationships, truncated: found.more });
  },
});
