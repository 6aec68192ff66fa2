import * as z from "zod";

const globs = z.array(z.string().min(1)).default([]);

/** A file under a URI and a name of its own: an entry of `resources` in the config file. */
export const namedResource = z.strictObject({
  uri: z.string().min(1).describe("URI, or RFC 6570 template such as file:///logs/{date}.log"),
  name: z.string().min(1).describe("Name that clients show"),
  title: z.string().optional().describe("Longer name for people"),
  description: z.string().optional().describe("What it holds and when to read it"),
  mimeType: z.string().optional().describe("MIME type; found out from the content unless given"),
  path: z
    .string()
    .min(1)
    .optional()
    .describe(
      "File to read, inside an allowed directory; may use the template's {variables}. Default: the path of the URI",
    ),
});

export type NamedResource = z.output<typeof namedResource>;

export const config = z.object({
  directories: z
    .array(z.string().min(1))
    .default([])
    .describe("Directories to serve, dir or dir:ro. Default: the client's roots, else the current directory, read-only")
    .meta({ positional: true, placeholder: "dir[:ro]" }),
  deny: globs
    .describe("Globs of files to hide besides .env files, private keys and credentials")
    .meta({ placeholder: "glob" }),
  allowSecret: globs.describe("Globs that stay visible although they look like secrets").meta({ placeholder: "glob" }),
  resources: z.array(namedResource).default([]).describe("Files offered as resources under names of their own"),
});

export type Config = z.output<typeof config>;
