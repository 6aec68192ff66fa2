import { writes } from "@mcp-reference/runtime";
import { filePath } from "@mcp-reference/validation";
import * as z from "zod";
import { tool } from "../define.js";
import { movePath } from "../move/move-path.js";

export const moveFile = tool({
  name: "move_file",
  description: "Move or rename a file or directory.",
  effect: writes({ destructive: true }),
  set: "write",
  input: z.strictObject({
    source: filePath,
    destination: filePath.describe("Full new path"),
    overwrite: z.boolean().default(false).describe("Replace an existing file"),
  }),
  output: z.object({ moved: z.string().describe("New path") }),
  handle: async (request, context) => {
    await movePath(context, request);
    return { moved: request.destination };
  },
});
