import { reads, render } from "@mcp-reference/runtime";
import * as z from "zod";
import { overviewOf } from "../catalog/database-overview.js";
import { tool } from "../define.js";

export const listDatabases = tool({
  name: "list_databases",
  description: "List the databases that can be used, the default first, with version, size and the role connected.",
  effect: reads(),
  set: "inspect",
  input: z.strictObject({}),
  output: z.object({
    databases: z
      .array(
        z.object({
          name: z.string().describe("For database"),
          description: z.string().optional().describe("What it holds"),
          kind: z.enum(["server", "embedded"]).describe("Of connection"),
          address: z.string().describe("host:port/database"),
          version: z.string().optional().describe("Of PostgreSQL"),
          size: z.number().nullish().describe("Bytes"),
          role: z.string().optional().describe("Whose privileges queries have"),
          standby: z.boolean().optional().describe("A replica"),
          warnings: z.array(z.string()).optional().describe("About the role"),
          otherDatabases: z.array(z.string()).optional().describe("On the same server, not configured"),
          error: z.string().optional().describe("Why it cannot be used"),
        }),
      )
      .describe("As configured"),
  }),
  render: ({ databases }) => databases.map(render).join("\n\n"),
  handle: async (_input, { databases, signal }) => ({ databases: await overviewOf(databases, signal) }),
});
