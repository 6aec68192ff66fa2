import { reads, text } from "@mcp-reference/runtime";
import { cursor, filePath } from "@mcp-reference/validation";
import * as z from "zod";
import { tool } from "../define.js";
import { repoPath, revision } from "../fields.js";
import { listTree } from "../reading/revisions/list-tree.js";
import { countFitting, shownPath } from "../reading/shown-text.js";
import { resolveObject } from "../repository/revision/resolve.js";

export const gitListFiles = tool({
  name: "git_list_files",
  description: "List the files of a revision; directories end with / unless recursive.",
  effect: reads(),
  set: "read",
  input: z.strictObject({
    repo_path: repoPath,
    revision: revision.default("HEAD"),
    path: filePath.optional().describe("Directory; default the whole repository"),
    recursive: z.boolean().default(true).describe("Files of directories below too"),
    limit: z.number().int().min(1).max(10_000).default(1000).describe("Entries a page"),
    cursor: cursor.optional(),
  }),
  async handle({ repo_path, revision, path, recursive, limit, cursor }, { repositories, cursors, maxOutput, signal }) {
    const repo = repositories.open(repo_path);
    const first = () => ({ tree: resolveObject(repo, `${revision}^{tree}`).oid, after: undefined });
    const { tree, after } = cursor === undefined ? first() : cursors.open(cursor, position);
    const { entries, next } = await listTree(repo, {
      revision: cursor === undefined ? revision : tree,
      path,
      recursive,
      limit,
      after,
      signal,
    });
    const lines = entries.map(({ path: name, type }) => `${shownPath(name)}${MARKS[type] ?? ""}`);
    const shown = countFitting(lines, maxOutput - 1024);
    const last = shown < lines.length ? entries[shown - 1]?.path : next;
    const more = last !== undefined && `There is more; continue with cursor ${cursors.seal({ tree, after: last })}`;
    return text(lines.slice(0, shown).join("\n") || "No files", more);
  },
});

/** Where a page begins: the tree that the revision stood for at first, and the last path shown. */
const position = z.object({ tree: z.string(), after: z.string() });

const MARKS: Record<string, string> = { directory: "/", link: " (link)", submodule: " (submodule)" };
