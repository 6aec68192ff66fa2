import { attachment, user } from "@mcp-reference/runtime";
import * as z from "zod";
import { prompt } from "../define.js";
import { treeText } from "../listing/tree-text.js";
import { completePath } from "../resources/complete-path.js";
import { uriOfPath } from "../resources/file-uri.js";
import { DIRECTORY_TYPE } from "../resources/read-path.js";
import { FileSearch } from "../search/file-search.js";
import { DATA_ONLY, pathOfDocument } from "./document.js";

const MAX_ENTRIES = 1000;

export const summarizeDirectory = prompt({
  name: "summarize_directory",
  description: "Explain what a directory holds and how it is organised.",
  args: z.strictObject({
    path: z.string().min(1).describe("Path or file: URI of the directory"),
    depth: z.coerce.number().int().min(1).max(10).default(3).describe("Levels to show, 1–10"),
  }),
  complete: {
    path: async (typed, services) => (await completePath(typed, services)).filter((path) => path.endsWith("/")),
  },
  async messages({ path, depth }, context) {
    const { maxOutput, sandbox, signal, workers } = context;
    const search = new FileSearch(sandbox, workers);
    const tree = await search.tree(pathOfDocument(path, context), { depth, maxEntries: MAX_ENTRIES }, { signal });
    const { body, note } = treeText(tree, maxOutput);
    const task = "Explain what the attached directory holds, how it is organised and where to begin reading.";
    return [
      attachment(uriOfPath(tree.directory), body, DIRECTORY_TYPE),
      user(
        `${task} Read files where their names do not tell enough. ${DATA_ONLY}${note ? ` About the tree: ${note}` : ""}`,
      ),
    ];
  },
});
