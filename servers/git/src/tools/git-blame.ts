import { reads, text } from "@mcp-reference/runtime";
import { cursor, lineNumber } from "@mcp-reference/validation";
import * as z from "zod";
import { tool } from "../define.js";
import { path, repoPath, revision } from "../fields.js";
import { repositoryPath } from "../reading/repository-path.js";
import { blameLines } from "../reading/revisions/blame-lines.js";
import { REPLACED } from "../reading/shown-text.js";
import { resolveRevision } from "../repository/revision/resolve.js";

/** Where a page begins: the commit that the revision stood for at first, and a line. */
const position = z.object({ commit: z.string(), from: lineNumber });

export const gitBlame = tool({
  name: "git_blame",
  description: "Show for each line of a file the commit, author and day that brought it in; renames are followed.",
  effect: reads(),
  set: "read",
  input: z.strictObject({
    repo_path: repoPath,
    path,
    revision: revision.default("HEAD"),
    start_line: lineNumber.optional().describe("First line, from 1"),
    end_line: lineNumber.optional().describe("Last line"),
    cursor: cursor.optional(),
  }),
  async handle(
    { repo_path, path, revision, start_line, end_line, cursor },
    { repositories, cursors, maxOutput, signal },
  ) {
    const repo = repositories.open(repo_path);
    const first = () => ({ commit: resolveRevision(repo, revision), from: start_line });
    const { commit, from } = cursor === undefined ? first() : cursors.open(cursor, position);
    const wanted = { commit, path: repositoryPath(path), from, to: end_line, maxBytes: maxOutput - 1024, signal };
    const { lines, next, total, replaced } = await blameLines(repo, wanted);
    const notes = [
      replaced && REPLACED,
      next !== undefined && `The file has ${total} lines; continue with cursor ${cursors.seal({ commit, from: next })}`,
    ];
    return text(lines.join("\n") || "The file is empty", notes.filter(Boolean).join("\n"));
  },
});
