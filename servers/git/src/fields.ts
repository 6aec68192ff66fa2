import { cursor, filePath, textUpTo } from "@mcp-reference/validation";
import * as z from "zod";

/** Every tool has it, so it is short: the model pays for each word. */
export const repoPath = filePath.optional().describe("Repository, where several are served");

export const revision = textUpTo(1000).describe("Branch, tag, commit, HEAD~2, …");

export const path = filePath.describe("Relative to the repository");

const entry = textUpTo(32_768).refine((text) => !text.includes("\0"), "must not contain a null byte");

export const paths = z
  .array(entry)
  .refine((list) => list.length <= 1000, "must be at most 1000")
  .describe("Files or directories in the repository");

const contextLines = z.number().int().min(0).max(1000).default(3).describe("Lines around each change");

const diffFormat = z.enum(["patch", "stat", "names"]).default("patch").describe("Whole, counts, or names");

/** How differences are asked for. */
export const diffFields = {
  paths: paths.optional(),
  format: diffFormat,
  context_lines: contextLines,
  cursor: cursor.optional(),
};
