import { reads } from "@mcp-reference/runtime";
import { filePath, ToolError } from "@mcp-reference/validation";
import * as z from "zod";
import { tool } from "../define.js";
import { entryKinds, fileInfo, fileInfos, hashAlgorithms } from "../info/file-info.js";

export const getFileInfo = tool({
  name: "get_file_info",
  description: "Size, times, permissions, type, etag and, with hash, digest of files or directories.",
  effect: reads(),
  set: "read",
  input: z.strictObject({
    path: filePath.optional(),
    paths: z.array(filePath).min(1).max(100).optional().describe("Instead of path"),
    hash: z.enum(hashAlgorithms).optional().describe("Digest of the content"),
  }),
  output: z.object({
    files: z
      .array(
        z.object({
          path: z.string().describe("As asked for"),
          kind: z.enum(entryKinds).optional().describe("What it is; of a link inside: what it leads to"),
          size: z.number().optional().describe("Bytes"),
          created: z.string().optional().describe("UTC"),
          modified: z.string().optional().describe("UTC"),
          accessed: z.string().optional().describe("UTC"),
          permissions: z.string().optional().describe("Octal"),
          etag: z.string().optional().describe("For if_match"),
          mime_type: z.string().optional().describe("By content and name"),
          link_target: z.string().optional().describe("Resolved; absent if outside"),
          hash: z.string().optional().describe("Hexadecimal"),
          error: z.string().optional().describe("Why nothing is known"),
        }),
      )
      .describe("One for each path"),
  }),
  async handle({ path, paths, hash }, { sandbox, signal }) {
    if ((path === undefined) === (paths === undefined)) {
      throw new ToolError("INVALID_ARGUMENT", "give either path or paths");
    }
    const options = { hash, signal };
    if (path !== undefined) return { files: [{ path, ...(await fileInfo(sandbox, path, options)) }] };
    return { files: await fileInfos(sandbox, paths ?? [], options) };
  },
});
