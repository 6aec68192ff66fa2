import { writes } from "@mcp-reference/runtime";
import { filePath } from "@mcp-reference/validation";
import * as z from "zod";
import { copyPath } from "../copy/copy-path.js";
import { tool } from "../define.js";

export const copyFile = tool({
  name: "copy_file",
  description: "Copy a file, or with recursive a directory and all that is in it.",
  effect: writes({ destructive: true }),
  set: "write",
  input: z.strictObject({
    source: filePath,
    destination: filePath.describe("Full new path"),
    overwrite: z.boolean().default(false).describe("Replace an existing file"),
    recursive: z.boolean().default(false).describe("Copy directories"),
  }),
  output: z.object({
    files: z.number().int().describe("Files copied"),
    bytes: z.number().int().describe("Bytes copied"),
    hidden: z.number().int().describe("Entries left out by the secrets policy"),
    special: z.number().int().describe("FIFOs, sockets and devices left out"),
  }),
  handle: (request, context) => copyPath(context, request, (files) => context.progress(files)),
});
