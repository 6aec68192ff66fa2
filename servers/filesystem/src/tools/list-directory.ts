import { reads, text } from "@mcp-reference/runtime";
import { cursor, filePath } from "@mcp-reference/validation";
import * as z from "zod";
import { tool } from "../define.js";
import { entriesPerPage } from "../listing/fields.js";
import { listPage } from "../listing/list-page.js";
import { describePage, roomForLines } from "../listing/notes.js";

export const listDirectory = tool({
  name: "list_directory",
  description: "List a directory, one entry a line: [DIR], [FILE], or [LINK] name -> target.",
  effect: reads(),
  set: "search",
  input: z.strictObject({
    path: filePath,
    sort: z.enum(["name", "size", "modified"]).default("name").describe("Order; largest or latest first"),
    details: z.boolean().default(false).describe("Add size and time of change (UTC)"),
    hidden: z.boolean().default(true).describe("Show names that start with a dot"),
    limit: entriesPerPage,
    cursor: cursor.optional(),
  }),
  async handle({ path, sort, details, hidden, limit, cursor }, context) {
    const page = await listPage(
      {
        path,
        order: sort,
        columns: { size: details, modified: details },
        dotfiles: hidden,
        totals: false,
        cursor,
        limit,
        maxBytes: roomForLines(context.maxOutput),
      },
      context,
    );
    return text(page.lines.join("\n") || "No entries", describePage(page));
  },
});
