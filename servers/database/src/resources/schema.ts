import type { ListPage, ResourceEntry } from "@mcp-reference/runtime";
import * as z from "zod";
import { completeName } from "../catalog/complete-name.js";
import { describeObject } from "../catalog/describe-object.js";
import { listSchemas } from "../catalog/list-schemas.js";
import { readPatiently } from "../catalog/read-patiently.js";
import { resolveObject } from "../catalog/resolve-object.js";
import { schemaTables } from "../catalog/schema-tables.js";
import { resource } from "../define.js";
import type { ReadSession } from "../engine/types.js";
import type { Services } from "../services.js";
import { JSON_TYPE, json } from "./json.js";

export const schema = resource({
  name: "schema",
  template: "db://{schema}/schema",
  description: "Tables and views of a schema with their columns; also a table, where no schema has the name.",
  complete: {
    schema: (typed, { databases, signal }) =>
      completeName(databases.get(), typed, { groups: ["schema", "table", "view"], signal }),
  },
  list: listOwnSchemas,
  read: async ({ schema = "" }, { databases, signal }) =>
    json(await databases.get().read((session) => schemaOrTable(session, schema), { signal })),
});

/** @param name a schema as it is called, or anything as SQL writes it */
async function schemaOrTable(session: ReadSession, name: string): Promise<object> {
  const tables = await schemaTables(session, name);
  if (tables) return { schema: name, tables };
  const found = await resolveObject(session, name, ["schema", "table", "view"]);
  if (found.group !== "schema") return describeObject(session, found.label);
  return { schema: found.name, tables: await schemaTables(session, found.name) };
}

/** Schemas of the default database; none while it is down. */
async function listOwnSchemas(
  { position, limit }: ListPage,
  { databases, signal }: Pick<Services, "databases"> & { signal: AbortSignal },
): Promise<{ entries: ResourceEntry[]; next?: unknown }> {
  const after = z.string().default("").parse(position);
  const answer = await readPatiently(databases.get(), listSchemas, signal);
  const schemas = "found" in answer ? answer.found.filter((one) => one.schema > after) : [];
  const shown = schemas.slice(0, limit);
  const entries = shown.map((one) => ({
    uri: `db://${encodeURIComponent(one.schema)}/schema`,
    name: `${one.schema} schema`,
    description: one.comment ?? undefined,
    mimeType: JSON_TYPE,
  }));
  return schemas.length > shown.length ? { entries, next: shown.at(-1)?.schema } : { entries };
}
