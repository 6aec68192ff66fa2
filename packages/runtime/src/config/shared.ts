import { byteSize } from "@mcp-reference/validation";
import * as z from "zod";

/**
 * The options of every server. `--http`, `--sse` and `--ws` come with those transports.
 * @param defaults what `--read-only` is when nobody says, and the sets of tools that are then left out.
 */
export function sharedOptions(defaults: { readOnly: boolean; offByDefault?: readonly string[] }) {
  const leftOut = (defaults.offByDefault ?? []).join(", ");
  return z.object({
    readOnly: z.boolean().default(defaults.readOnly).describe("Leave out the tools that change anything"),
    tools: z
      .array(z.string().min(1))
      .optional()
      .describe(`Offer only these tools, by name or by set${leftOut && `. Default: all but ${leftOut}`}`)
      .meta({ placeholder: "name,…" }),
    confirm: z
      .enum(["auto", "always", "never"])
      .default("auto")
      .describe("When changes are confirmed first; auto: where they are hard to undo"),
    timeout: z
      .number()
      .min(0.1)
      .max(3600)
      .default(60)
      .describe("Longest a call may take, in seconds")
      .meta({ placeholder: "seconds" }),
    maxOutput: byteSize
      .pipe(
        z
          .number()
          .int()
          .min(1024)
          .max(256 * 1024 ** 2),
      )
      .prefault("256k")
      .describe("Most text a result may hold, in bytes; 64k and 16m work too")
      .meta({ placeholder: "bytes" }),
    rateLimit: z
      .union([z.number().int().min(1).max(1_000_000), z.literal("off")])
      .default("off")
      .describe("Calls a minute for each caller"),
    auditLog: z
      .string()
      .min(1)
      .optional()
      .describe("Append a JSON line for every call to this file, without contents")
      .meta({ placeholder: "file" }),
    logLevel: z
      .enum(["fatal", "error", "warn", "info", "debug", "trace"])
      .default("info")
      .describe("Least severe messages that are logged to stderr"),
  });
}

export type SharedConfig = z.output<ReturnType<typeof sharedOptions>>;
