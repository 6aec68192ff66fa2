import { reads } from "@mcp-reference/runtime";
import * as z from "zod";
import { tool } from "../define.js";

export const listAllowedDirectories = tool({
  name: "list_allowed_directories",
  description: "List the directories that can be used; relative paths start at the first.",
  effect: reads(),
  set: "read",
  input: z.strictObject({}),
  output: z.object({
    directories: z
      .array(
        z.object({
          path: z.string().describe("Absolute path"),
          writable: z.boolean().describe("False where files can only be read"),
        }),
      )
      .describe("With everything below them"),
  }),
  handle: (_, { sandbox }) => ({
    directories: sandbox.roots.map(({ alias, writable }) => ({ path: alias, writable })),
  }),
});
