import * as z from "zod";

export const config = z.object({
  repository: z
    .array(z.string().min(1))
    .default([])
    .describe(
      "Repository to serve, or directory of repositories. Default: the client's roots, else the repository around the current directory",
    )
    .meta({ placeholder: "path" }),
});

export type Config = z.output<typeof config>;
