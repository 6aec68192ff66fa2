import { byteSize } from "@mcp-reference/validation";
import * as z from "zod";

const seconds = (least: number, most: number) => z.number().min(least).max(most);

/** How a connection is encrypted and whom it trusts, as libpq names it. */
const sslMode = z.enum(["disable", "require", "verify-ca", "verify-full"]);

/** Settings of one connection that the config file can give each of several. */
const perConnection = {
  sslMode: sslMode
    .optional()
    .describe("TLS as in libpq. Default: what the URL says, else verify-full, and disable for this machine"),
  caFile: z.string().min(1).optional().describe("PEM file of the authorities to trust").meta({ placeholder: "file" }),
  role: z.string().min(1).optional().describe("Role to SET ROLE to for every statement").meta({ placeholder: "name" }),
  poolSize: z.number().int().min(1).max(100).default(10).describe("Most connections open at once"),
};

/** An entry of `databases` in the config file. A secret is named, never written there. */
export const namedDatabase = z.strictObject({
  name: z
    .string()
    .regex(/^[\w-]+$/)
    .describe("What tools call it"),
  urlEnv: z.string().min(1).optional().describe("Environment variable that holds its postgres:// URL"),
  urlFile: z.string().min(1).optional().describe("File that holds its postgres:// URL"),
  description: z.string().optional().describe("What it holds, for the model"),
  ...perConnection,
  poolSize: perConnection.poolSize.unwrap().optional(),
});

export type NamedDatabase = z.output<typeof namedDatabase>;

export const config = z.object({
  databaseUrl: z
    .string()
    .min(1)
    .optional()
    .describe("postgres:// URL. Default: an embedded database in the data directory")
    .meta({ secret: true, env: "DATABASE_URL" }),
  ...perConnection,
  databases: z.array(namedDatabase).default([]).describe("More databases, each under a name"),
  dataDir: z
    .string()
    .min(1)
    .optional()
    .describe("Directory of the embedded database. Default: in the user's data directory")
    .meta({ placeholder: "dir" }),
  demo: z.boolean().default(false).describe("Fill an empty embedded database with a small sales example"),
  mask: z
    .array(
      z.string().regex(/^[^.]+\.[^.]+\.[^.]+(=(hidden|last4))?$/, "must be schema.table.column, with =last4 if wanted"),
    )
    .default([])
    .describe("Columns never shown: schema.table.column, * for any; =last4 leaves four characters")
    .meta({ placeholder: "column" }),
  allowFunctions: z
    .array(z.string().min(1))
    .default([])
    .describe("Functions to allow in queries although they may do more than read: schema.name")
    .meta({ placeholder: "name" }),
  maxRows: z.number().int().min(1).max(1_000_000).default(1000).describe("Rows of a page unless a call says otherwise"),
  poolWait: seconds(0.1, 60).default(5).describe("Longest wait for a free connection").meta({ placeholder: "seconds" }),
  connectTimeout: seconds(0.1, 60).default(10).describe("Longest wait for a server").meta({ placeholder: "seconds" }),
  maxExport: byteSize
    .prefault("1g")
    .describe("Largest export, in bytes; 64k and 16m work too")
    .meta({ placeholder: "bytes" }),
});

export type Config = z.output<typeof config>;
