import { filePath } from "@mcp-reference/validation";
import * as z from "zod";

/** Every tool has it, so it is short: the model pays for each word. */
export const repoPath = filePath.optional().describe("Repository; needed only where several are served");

export const revision = z.string().min(1).max(1000).describe("Branch, tag, commit, HEAD~2, …");

export const path = filePath.describe("Relative to the repository");

export const paths = z.array(filePath).max(1000).describe("Files or directories, relative to the repository");

export const contextLines = z.number().int().min(0).max(1000).default(3).describe("Lines around each change");

export const diffFormat = z
  .enum(["patch", "stat", "names"])
  .default("patch")
  .describe("Whole patch, counts of lines, or names");
