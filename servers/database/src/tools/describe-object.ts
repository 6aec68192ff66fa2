import { reads, render } from "@mcp-reference/runtime";
import * as z from "zod";
import { describeObject as describe } from "../catalog/describe-object.js";
import { tool } from "../define.js";
import { databaseName } from "../fields.js";

export const describeObject = tool({
  name: "describe_object",
  description:
    "Describe a table, view, function, type, index, sequence, schema or extension: columns, keys, foreign keys both ways, indexes, policies, sizes, source, and what the role may do.",
  effect: reads(),
  set: "inspect",
  input: z.strictObject({
    object: z.string().min(1).max(500).describe('Name as in SQL: users, app."Order", app.total(integer)'),
    database: databaseName,
  }),
  output: z.object({
    kind: z.string().describe("Of object"),
    name: z.string().describe("Qualified and quoted"),
    facts: z.record(z.string(), z.unknown()).describe("Depend on the kind; empty ones are left out"),
  }),
  render: ({ facts, ...object }) => render({ ...object, ...facts }),
  async handle({ object, database }, { databases, signal }) {
    const from = databases.get(database);
    const { kind, name, ...facts } = await from.read((session) => describe(session, object), { signal });
    return { kind, name, facts };
  },
});
