import { ToolError } from "@mcp-reference/validation";
import { JSON_TYPES } from "./parse-value.js";

/**
 * The text of each parameter, for the type PostgreSQL inferred: an array is an array literal, or JSON where JSON is wanted.
 * @param types OIDs
 * @throws ToolError INVALID_ARGUMENT when there are too few or too many, or one holds a NUL
 */
export function toParameters(values: readonly unknown[], types: readonly number[]): (string | null)[] {
  if (values.length !== types.length) {
    const wanted = types.length === 1 ? "1 parameter" : `${types.length} parameters`;
    throw new ToolError("INVALID_ARGUMENT", `the statement takes ${wanted}, and params has ${values.length}`, {
      hint: "Give one value in params for each of $1, $2, …",
    });
  }
  return values.map((value, index) => {
    const text = toText(value, JSON_TYPES.includes(types[index] ?? 0));
    if (text?.includes("\0")) {
      throw new ToolError("INVALID_ARGUMENT", `params[${index}] holds a NUL character, which no PostgreSQL text can`);
    }
    return text;
  });
}

/** The text of a value: an array as an array literal unless it is meant as JSON. */
export function toText(value: unknown, json = false): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value !== "object") return String(value);
  return Array.isArray(value) && !json ? arrayLiteral(value) : JSON.stringify(value);
}

function arrayLiteral(values: readonly unknown[]): string {
  return `{${values.map((value) => (Array.isArray(value) ? arrayLiteral(value) : element(value))).join(",")}}`;
}

function element(value: unknown): string {
  if (value === null || value === undefined) return "NULL";
  const text = typeof value === "object" ? JSON.stringify(value) : String(value);
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
}
