import { reads } from "@mcp-reference/runtime";
import { cursor, textUpTo } from "@mcp-reference/validation";
import * as z from "zod";
import { tool } from "../define.js";
import { repoPath, revision } from "../fields.js";
import { listTags } from "../reading/branches/list-tags.js";

export const gitListTags = tool({
  name: "git_list_tags",
  description: "List tags, the newest first, with the commit each stands for.",
  effect: reads(),
  set: "read",
  input: z.strictObject({
    repo_path: repoPath,
    pattern: textUpTo(200).optional().describe("Glob, such as v1.*"),
    contains: revision.optional().describe("Only tags that contain this commit"),
    limit: z.number().int().min(1).max(1000).default(100).describe("Tags a page"),
    cursor: cursor.optional(),
  }),
  output: z.object({
    tags: z
      .array(
        z.object({
          tag: z.string().describe("Name"),
          commit: z.string().describe("What it stands for"),
          date: z.string().optional().describe("Of the tag, else of the commit"),
          message: z.string().optional().describe("First line, of annotated tags"),
        }),
      )
      .describe("Newest first"),
    nextCursor: z.string().optional().describe("Where the next page begins"),
  }),
  async handle({ repo_path, pattern, contains, limit, cursor }, { repositories, cursors, signal }) {
    const repo = repositories.open(repo_path);
    const from = cursor === undefined ? 0 : cursors.open(cursor, z.number().int().nonnegative());
    const { tags, more } = await listTags(repo, { pattern, contains, from, limit, signal });
    return { tags, ...(more && { nextCursor: cursors.seal(from + limit) }) };
  },
});
