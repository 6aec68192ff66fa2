import path from "node:path";
import { reads, text } from "@mcp-reference/runtime";
import { cursor, filePath } from "@mcp-reference/validation";
import * as z from "zod";
import { tool } from "../define.js";
import { entriesPerPage, excludePatterns, respectGitignore } from "../listing/fields.js";
import { continueWith, describeOmissions, joinNotes, roomForLines } from "../listing/notes.js";
import { countFitting, oneLine } from "../listing/one-line.js";
import { FileSearch } from "../search/file-search.js";
import { reportVisited } from "../search/report-visited.js";

export const searchFiles = tool({
  name: "search_files",
  description:
    "Find files and directories by a glob on their path below the start: *.md for its own entries, **/*.md for any depth.",
  effect: reads(),
  set: "search",
  input: z.strictObject({
    path: filePath,
    pattern: z.string().min(1).describe("Glob with * ** ? [a-z] {a,b}"),
    excludePatterns,
    type: z.enum(["any", "file", "directory", "link"]).default("any").describe("Kind of entry"),
    respect_gitignore: respectGitignore,
    limit: entriesPerPage,
    cursor: cursor.optional(),
  }),
  async handle({ path: start, pattern, excludePatterns, type, respect_gitignore, limit, cursor }, context) {
    const { cursors, maxOutput, sandbox, signal, workers } = context;
    const found = await new FileSearch(sandbox, workers).findFiles(
      start,
      {
        pattern,
        type,
        exclude: excludePatterns,
        respectGitignore: respect_gitignore,
        limit,
        after: cursor === undefined ? undefined : cursors.open(cursor, z.string()),
      },
      { signal, onProgress: reportVisited(context) },
    );
    const lines = found.entries.map((entry) => oneLine(path.join(found.directory, entry.path)));
    const count = countFitting(lines, roomForLines(maxOutput));
    const next = count < lines.length ? found.entries[count - 1]?.path : found.next;
    const more = next !== undefined && `${count} entries, and there are more.`;
    const note = joinNotes(more, continueWith(next && cursors.seal(next)), describeOmissions(found));
    return text(lines.slice(0, count).join("\n") || "No matches found", note);
  },
});
