import * as z from "zod";
import { remoteFields } from "./remote/config-fields.js";

export const config = z.object({
  repository: z
    .array(z.string().min(1))
    .default([])
    .describe(
      "Repository to serve, or directory of repositories. Default: the client's roots, else the repository around the current directory",
    )
    .meta({ placeholder: "path" }),
  author: z
    .string()
    .regex(/^[^<>\n]+ <[^<>\s]+>$/, "must be Name <address>")
    .optional()
    .describe("Who commits where no git config says: Name <address>")
    .meta({ placeholder: "author" }),
  ...remoteFields,
});

export type Config = z.output<typeof config>;
