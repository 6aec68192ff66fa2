import type { CallToolResult } from "@mcp-reference/client";
import type { ErrorCode } from "@mcp-reference/validation";

/** What `_meta` says about a failed call. */
export interface ResultError {
  code: ErrorCode;
  message: string;
  hint?: string;
  retryAfterMs?: number;
  details?: Record<string, unknown>;
}

/** The text blocks of a result, one after the other. */
export const textOf = ({ content }: CallToolResult): string =>
  content.flatMap((block) => (block.type === "text" ? [block.text] : [])).join("\n");

/** The error of a failed call; undefined for one that went well. */
export const errorOf = (result: CallToolResult): ResultError | undefined =>
  result.isError ? (result._meta?.error as ResultError) : undefined;

/**
 * Scalars of `value` that a reader of `text` would not find. A string of several lines counts as shown when each line
 * is, and one with quotes also when they are doubled as in CSV; nothing has to be shown for null and "".
 * @returns path and value of each
 */
export function missingLeaves(value: unknown, text: string): string[] {
  return leaves(value, "")
    .filter(({ leaf }) => !shows(text, leaf))
    .map(({ path, leaf }) => `${path}: ${leaf}`);
}

interface Leaf {
  path: string;
  leaf: string;
}

function leaves(value: unknown, path: string): Leaf[] {
  if (value === null || value === undefined) return [];
  if (typeof value !== "object") return [{ path, leaf: String(value) }];
  return Object.entries(value).flatMap(([key, member]) => leaves(member, path ? `${path}.${key}` : key));
}

const shows = (text: string, leaf: string) =>
  text.includes(leaf) ||
  text.includes(leaf.replaceAll('"', '""')) ||
  leaf.split("\n").every((line) => text.includes(line));
