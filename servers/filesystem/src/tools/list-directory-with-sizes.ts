import { reads, text } from "@mcp-reference/runtime";
import { cursor, filePath } from "@mcp-reference/validation";
import * as z from "zod";
import { tool } from "../define.js";
import { formatSize } from "../listing/entry-line.js";
import { entriesPerPage } from "../listing/fields.js";
import { listPage, type Totals } from "../listing/list-page.js";
import { describePage, roomForLines } from "../listing/notes.js";

export const listDirectoryWithSizes = tool({
  name: "list_directory_with_sizes",
  description: "List a directory with the size of each file and, on the first page, totals of all of it.",
  effect: reads(),
  set: "search",
  input: z.strictObject({
    path: filePath,
    sortBy: z.enum(["name", "size"]).default("name").describe("Order; largest first"),
    limit: entriesPerPage,
    cursor: cursor.optional(),
  }),
  async handle({ path, sortBy, limit, cursor }, context) {
    const page = await listPage(
      {
        path,
        order: sortBy,
        columns: { size: true },
        dotfiles: true,
        totals: true,
        cursor,
        limit,
        maxBytes: roomForLines(context.maxOutput),
      },
      context,
    );
    const summary = page.totals ? describeTotals(page.totals) : [];
    return text([...page.lines, ...summary].join("\n") || "No entries", describePage(page));
  },
});

const describeTotals = ({ files, directories, bytes }: Totals) => [
  "",
  `Total: ${files} files, ${directories} directories`,
  `Combined size: ${formatSize(bytes)}`,
];
