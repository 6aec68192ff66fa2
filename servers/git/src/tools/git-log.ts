import { reads } from "@mcp-reference/runtime";
import { cursor, textUpTo } from "@mcp-reference/validation";
import * as z from "zod";
import { tool } from "../define.js";
import { path, repoPath, revision } from "../fields.js";
import { describeCommits } from "../reading/history/describe-commits.js";
import { logPage, logPosition } from "../reading/history/log-page.js";

const date = textUpTo(100).describe("2026-01-31 14:30, 2 weeks ago");

export const gitLog = tool({
  name: "git_log",
  description: "List commits, the newest first, of a revision or range, of a file, by author, text or date.",
  effect: reads(),
  set: "read",
  input: z.strictObject({
    repo_path: repoPath,
    revision: revision.optional().describe("Branch, tag, commit or range A..B; default HEAD"),
    max_count: z.number().int().min(1).max(1000).default(10).describe("Commits a page"),
    path: path.optional().describe("File or directory"),
    follow: z.boolean().default(false).describe("Follow the file beyond renames"),
    author: textUpTo(200).optional().describe("Part of name or address"),
    grep: textUpTo(500).optional().describe("Part of the message"),
    start_timestamp: date.optional(),
    end_timestamp: date.optional().describe("Likewise"),
    details: z.boolean().default(false).describe("Whole ids, addresses and messages"),
    cursor: cursor.optional(),
  }),
  output: z.object({
    commits: z
      .array(
        z.object({
          commit: z.string().describe("Id"),
          date: z.string().describe("Author's"),
          author: z.string().describe("Name, with details the address too"),
          subject: z.string().optional().describe("First paragraph of the message"),
          refs: z.array(z.string()).optional().describe("Branches and tags that stand for it"),
          path: z.string().optional().describe("What the followed file was called"),
          parents: z.array(z.string()).optional().describe("Ids"),
          committer: z.string().optional().describe("Where it is not the author"),
          message: z.string().optional().describe("All of it"),
        }),
      )
      .describe("Newest first"),
    nextCursor: z.string().optional().describe("Where the next page begins"),
  }),
  async handle(
    { repo_path, revision, max_count, path, follow, author, grep, start_timestamp, end_timestamp, details, cursor },
    { repositories, cursors, maxOutput, signal },
  ) {
    const repo = repositories.open(repo_path);
    const from = cursor === undefined ? undefined : cursors.open(cursor, logPosition);
    const range = { revision, since: start_timestamp, until: end_timestamp, count: max_count, from };
    const page = await logPage(repo, { ...range, path, follow, author, grep }, signal);
    const { commits, next } = describeCommits(repo, page, { details, maxBytes: maxOutput / 2 });
    return { commits, ...(next && { nextCursor: cursors.seal(next) }) };
  },
});
