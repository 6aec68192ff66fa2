import { reads, text } from "@mcp-reference/runtime";
import { cursor, filePath } from "@mcp-reference/validation";
import * as z from "zod";
import { tool } from "../define.js";
import { respectGitignore } from "../listing/fields.js";
import { continueWith, describeOmissions, joinNotes, roomForLines } from "../listing/notes.js";
import { FileSearch } from "../search/file-search.js";
import { matchLines } from "../search/match-lines.js";
import { reportVisited } from "../search/report-visited.js";
import { type FoundText, MAX_SEARCHED_FILE_BYTES } from "../search/search-options.js";

const position = z.object({ path: z.string(), line: z.number() });

export const searchText = tool({
  name: "search_text",
  description:
    "Search the text of files, or of one file, line by line. Matches read 12:text under their file, context 13-text.",
  effect: reads(),
  set: "search",
  input: z.strictObject({
    path: filePath,
    pattern: z.string().min(1).max(4096).describe("Text to find"),
    regex: z.boolean().default(false).describe("The pattern is a regular expression (RE2)"),
    ignore_case: z.boolean().default(false).describe("Ignore upper and lower case"),
    glob: z.string().min(1).optional().describe("Only files that match; *.ts at any depth"),
    context: z.number().int().min(0).max(20).default(0).describe("Lines to show before and after a match"),
    respect_gitignore: respectGitignore,
    limit: z.number().int().min(1).max(1000).default(100).describe("Matching lines a page"),
    cursor: cursor.optional(),
  }),
  async handle(
    { path, pattern, regex, ignore_case, glob, context: around, respect_gitignore, limit, cursor },
    context,
  ) {
    const { cursors, maxOutput, sandbox, signal, workers } = context;
    const found = await new FileSearch(sandbox, workers).searchText(
      path,
      {
        pattern,
        regex,
        caseSensitive: !ignore_case,
        include: glob === undefined ? [] : [glob],
        context: around,
        respectGitignore: respect_gitignore,
        limit,
        after: cursor === undefined ? undefined : cursors.open(cursor, position),
      },
      { signal, onProgress: reportVisited(context) },
    );
    const { lines, matches, next } = matchLines(found, roomForLines(maxOutput));
    const more = next && `${matches} matching lines, and there are more.`;
    const note = joinNotes(
      more,
      continueWith(next && cursors.seal(next)),
      describeSkipped(found),
      describeOmissions(found),
    );
    return text(lines.join("\n") || "No matches found", note);
  },
});

function describeSkipped({ binary, tooLarge }: FoundText): string | undefined {
  const large = tooLarge > 0 && `${tooLarge} larger than ${MAX_SEARCHED_FILE_BYTES >> 20} MB`;
  const skipped = [binary > 0 && `${binary} binary`, large].filter(Boolean);
  return skipped.length > 0 ? `Not searched: ${skipped.join(", ")}.` : undefined;
}
