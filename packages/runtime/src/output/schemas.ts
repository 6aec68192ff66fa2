import * as z from "zod";
import type { Tool } from "../define/tool.js";

export type JsonSchema = Record<string, unknown>;

const confirmation = z.string().optional().describe("Token from the first answer, once the user agreed");

/** A tool's input schema with the field by which clients without forms confirm. */
export const withConfirmation = (input: z.ZodObject): z.ZodObject => input.extend({ confirmation });

/** JSON Schema of what a client sends, without what it need not pay tokens for. */
export const inputJsonSchema = (schema: z.ZodObject): JsonSchema => compact(z.toJSONSchema(schema, { io: "input" }));

/** JSON Schema of what a tool answers. */
export const outputJsonSchema = (tool: Tool): JsonSchema | undefined =>
  tool.output && compact(z.toJSONSchema(tool.output, { io: "output" }));

/** Drops the dialect, the bounds of safe integers and patterns that only repeat a format. */
function compact(schema: unknown): JsonSchema {
  return JSON.parse(
    JSON.stringify(schema, (key, value) => {
      if (key === "$schema") return undefined;
      return Math.abs(value) === Number.MAX_SAFE_INTEGER && typeof value === "number" ? undefined : value;
    }),
  );
}
