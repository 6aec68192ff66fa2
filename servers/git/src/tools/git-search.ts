import { reads, text } from "@mcp-reference/runtime";
import { cursor, textUpTo } from "@mcp-reference/validation";
import * as z from "zod";
import { tool } from "../define.js";
import { paths, repoPath, revision } from "../fields.js";
import { repositoryPaths } from "../reading/repository-path.js";
import { searchContent } from "../reading/search/search-content.js";
import { searchHistory } from "../reading/search/search-history.js";
import { REPLACED } from "../reading/shown-text.js";
import { parseRange } from "../repository/revision/range.js";
import { resolveObject } from "../repository/revision/resolve.js";

/** Milliseconds that a page of history may take. */
const TIME_LIMIT = 20_000;

/** What earlier pages were about, and how much of it they have seen. */
const position = z.object({
  include: z.array(z.string()),
  exclude: z.array(z.string()),
  from: z.number().int().nonnegative(),
});

export const gitSearch = tool({
  name: "git_search",
  description: "Search the files of a revision line by line, or history for commits that added or removed such a line.",
  effect: reads(),
  set: "read",
  input: z.strictObject({
    repo_path: repoPath,
    pattern: textUpTo(4096).describe("Text to find"),
    in: z.enum(["content", "history"]).default("content").describe("Files, or commits"),
    revision: revision.default("HEAD").describe("Revision; for history also a range A..B"),
    regex: z.boolean().default(false).describe("The pattern is a regular expression (RE2)"),
    ignore_case: z.boolean().default(false).describe("Ignore upper and lower case"),
    paths: paths.optional(),
    limit: z.number().int().min(1).max(1000).default(100).describe("Matches a page"),
    cursor: cursor.optional(),
  }),
  async handle(
    { repo_path, pattern, in: where, revision, regex, ignore_case, paths, limit, cursor },
    { repositories, cursors, maxOutput, signal },
  ) {
    const repo = repositories.open(repo_path);
    const page = { limit, maxBytes: maxOutput - 1024, signal };
    const search = { pattern, regex, ignoreCase: ignore_case, paths: repositoryPaths(paths), ...page };
    const inHistory = where === "history";
    const start = () =>
      inHistory ? parseRange(repo, revision) : treeAsRange(resolveObject(repo, `${revision}^{tree}`));
    const { from, ...range } = cursor === undefined ? { from: 0, ...start() } : cursors.open(cursor, position);
    const { lines, next, replaced } = inHistory
      ? { ...(await searchHistory(repo, { ...search, range, from, timeLimit: TIME_LIMIT })), replaced: false }
      : await searchContent(repo, { ...search, tree: range.include[0] ?? "", from });
    const notes = [
      replaced && REPLACED,
      next !== undefined && `There may be more; continue with cursor ${cursors.seal({ ...range, from: next })}`,
    ];
    return text(lines.join("\n") || "No matches found", notes.filter(Boolean).join("\n"));
  },
});

const treeAsRange = ({ oid }: { oid: string }) => ({ include: [oid], exclude: [] as string[] });
