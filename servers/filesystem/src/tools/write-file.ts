import { writes } from "@mcp-reference/runtime";
import { filePath } from "@mcp-reference/validation";
import * as z from "zod";
import { tool } from "../define.js";
import { ifMatch } from "../write/fields.js";
import { writeContent, writeModes } from "../write/write-content.js";

export const writeFile = tool({
  name: "write_file",
  description: "Create, replace or append to a file in one step. To change parts of one use edit_file.",
  effect: writes({ destructive: true }),
  set: "write",
  input: z.strictObject({
    path: filePath,
    content: z.string().describe("Text, or base64"),
    mode: z.enum(writeModes).default("overwrite").describe("create fails if the file exists"),
    encoding: z.enum(["utf-8", "base64"]).default("utf-8").describe("base64 for binary content"),
    if_match: ifMatch.optional(),
  }),
  output: z.object({
    path: z.string().describe("Absolute path"),
    bytes: z.number().int().describe("Size of the file now"),
    etag: z.string().describe("For if_match"),
    created: z.boolean().describe("Whether it is new"),
  }),
  handle: ({ path, content, encoding, mode, if_match }, context) =>
    writeContent(context, path, { content, encoding, mode, ifMatch: if_match }),
});
