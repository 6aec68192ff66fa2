import * as z from "zod";

/** The size of a page of entries: most directories fit on one. */
export const entriesPerPage = z.number().int().min(1).max(10_000).default(1000).describe("Entries a page");

/** Globs of what to leave out; as in the official server one without `*` matches at any depth. */
export const excludePatterns = z
  .array(z.string().min(1))
  .max(100)
  .transform((globs) => globs.map((glob) => (glob.includes("*") ? glob : `**/${glob}`)))
  .default([])
  .describe("Globs to leave out; one without * matches at any depth");

export const respectGitignore = z.boolean().default(false).describe("Leave out what .gitignore files say");
