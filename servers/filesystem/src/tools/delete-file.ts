import { confirm, deletes } from "@mcp-reference/runtime";
import { filePath } from "@mcp-reference/validation";
import * as z from "zod";
import { tool } from "../define.js";
import { describeRemoval, removePath } from "../remove/remove-path.js";

export const deleteFile = tool({
  name: "delete_file",
  description: "Delete a file, link or directory for good. The user is asked first.",
  effect: deletes(),
  set: "write",
  input: z.strictObject({
    path: filePath,
    recursive: z.boolean().default(false).describe("Delete a directory with all that is in it"),
  }),
  output: z.object({ deleted: z.number().int().describe("Entries removed") }),
  ask: async ({ path, recursive }, context) => confirm(await describeRemoval(context, path, recursive)),
  handle: async ({ path, recursive }, context) => ({
    deleted: await removePath(context, path, recursive, (entries) => context.progress(entries)),
  }),
});
