import { reads, text } from "@mcp-reference/runtime";
import { filePath } from "@mcp-reference/validation";
import * as z from "zod";
import { tool } from "../define.js";
import { excludePatterns } from "../listing/fields.js";
import { treeText } from "../listing/tree-text.js";
import { FileSearch } from "../search/file-search.js";
import { reportVisited } from "../search/report-visited.js";

export const directoryTree = tool({
  name: "directory_tree",
  description: "Show a directory and what is below it as an indented tree: dir/, link@; … marks what was left out.",
  effect: reads(),
  set: "search",
  input: z.strictObject({
    path: filePath,
    excludePatterns,
    depth: z.number().int().min(1).max(100).default(3).describe("Levels to show"),
    max_entries: z.number().int().min(1).max(10_000).default(1000).describe("Entries in the whole tree"),
  }),
  async handle({ path, excludePatterns, depth, max_entries }, context) {
    const { maxOutput, sandbox, signal, workers } = context;
    const tree = await new FileSearch(sandbox, workers).tree(
      path,
      { exclude: excludePatterns, depth, maxEntries: max_entries },
      { signal, onProgress: reportVisited(context) },
    );
    const { body, note } = treeText(tree, maxOutput);
    return text(body, note);
  },
});
