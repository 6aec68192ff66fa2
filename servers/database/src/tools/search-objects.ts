import { reads } from "@mcp-reference/runtime";
import { cursor, limit } from "@mcp-reference/validation";
import * as z from "zod";
import { fitting } from "../catalog/fitting.js";
import { objectGroups } from "../catalog/objects.js";
import { type FoundObject, searchObjects as search, searchPosition } from "../catalog/search-objects.js";
import { tool } from "../define.js";
import { databaseName } from "../fields.js";

/** Of a result's text, what is left beside the cursor. */
const ROOM_FOR_OBJECTS = 3 / 4;

export const searchObjects = tool({
  name: "search_objects",
  description:
    "Find tables, columns, functions and other objects by name or comment, the best match first. Without pattern: all but columns, indexes and triggers.",
  effect: reads(),
  set: "inspect",
  input: z.strictObject({
    pattern: z.string().min(1).max(200).optional().describe("Part of a name, or a glob with *; any case"),
    kinds: z.array(z.enum(objectGroups)).min(1).optional().describe("Only these"),
    schema: z.string().min(1).optional().describe("Only this one; system schemas too"),
    limit: limit.default(50),
    cursor: cursor.optional(),
    database: databaseName,
  }),
  output: z.object({
    objects: z
      .array(
        z.object({
          kind: z.string().describe("Of object"),
          name: z.string().describe("As SQL and describe_object take it"),
          detail: z.string().optional().describe("Depends on the kind"),
          comment: z.string().optional().describe("COMMENT ON"),
        }),
      )
      .describe("Best match first"),
    truncated: z.boolean().describe("There are more"),
    nextCursor: z.string().optional().describe("Gives the next page"),
  }),
  async handle({ pattern, kinds, schema, limit, cursor, database }, { databases, cursors, maxOutput, signal }) {
    const after = cursor === undefined ? undefined : cursors.open(cursor, searchPosition);
    const request = { pattern, groups: kinds && [...new Set(kinds)], schema, limit, after };
    const found = await databases.get(database).read((session) => search(session, request), { signal });
    const page = fitting(found.objects, maxOutput * ROOM_FOR_OBJECTS, textBytes);
    const truncated = found.more || page.length < found.objects.length;
    const last = truncated ? page.at(-1) : undefined;
    return {
      objects: page.map(({ kind, name, detail, comment }) => ({
        kind,
        name,
        detail: detail || undefined,
        comment: comment || undefined,
      })),
      truncated,
      nextCursor: last && cursors.seal(last.position),
    };
  },
});

const textBytes = ({ kind, name, detail, comment }: FoundObject) =>
  Buffer.byteLength(JSON.stringify([kind, name, detail, comment]));
