import { byteSize } from "@mcp-reference/validation";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { describeOptions, type OptionRow } from "./options.js";

const row = (field: z.ZodType, name = "someField"): OptionRow => {
  const [described] = describeOptions(z.object({ [name]: field }));
  if (!described) throw new Error("no row");
  return described;
};

describe("describeOptions", () => {
  it("derives flag and environment name from the key", () => {
    expect(row(z.string(), "maxOutput")).toMatchObject({ flag: "--max-output", env: "MCP_MAX_OUTPUT" });
    expect(row(z.string().meta({ env: "ALLOW_PRIVATE_HOSTS" }))).toMatchObject({ env: "ALLOW_PRIVATE_HOSTS" });
  });

  it.each([
    ["boolean", z.boolean()],
    ["number", z.number().int().min(1)],
    ["number", z.coerce.number()],
    ["string", z.string().min(1)],
    ["string", z.url()],
    ["string", byteSize],
    ["string", z.enum(["a", "b"])],
    ["list", z.array(z.string())],
    ["list", z.array(z.enum(["a", "b"]))],
    ["json", z.array(z.object({ uri: z.string() }))],
    ["json", z.array(z.number())],
    ["json", z.record(z.string(), z.string())],
    ["json", z.object({ a: z.string() })],
    ["json", z.union([z.boolean(), z.literal("auto")])],
    ["json", z.literal(5)],
  ] satisfies [string, z.ZodType][])("finds %s through every wrapper (%#)", (type, schema: z.ZodType) => {
    const wrapped: z.ZodType[] = [
      schema,
      schema.optional(),
      schema.nullable(),
      schema.readonly(),
      schema.optional().default(undefined),
      schema.transform((value) => ({ value })),
      schema
        .refine(() => true)
        .transform(String)
        .optional(),
      z.preprocess((value) => value, schema),
    ];
    for (const field of wrapped) expect(row(field).type).toBe(type);
  });

  it("keeps what only fits into a config file off the command line and out of the environment", () => {
    expect(row(z.record(z.string(), z.string()))).toMatchObject({ flag: null, env: null });
  });

  it("lists the choices of enums, of lists of them, and the words beside a number", () => {
    expect(row(z.enum(["auto", "never"]).default("auto"))).toMatchObject({
      choices: ["auto", "never"],
      placeholder: "auto|never",
      default: "auto",
    });
    expect(row(z.array(z.enum(["a", "b"]))).choices).toEqual(["a", "b"]);
    expect(row(z.union([z.number(), z.literal("off")]))).toMatchObject({
      type: "number",
      choices: ["off"],
      placeholder: "n|off",
    });
    expect(row(z.union([z.literal("off"), z.string()])).choices).toEqual([]);
  });

  it("takes metadata and defaults at any level, the outermost first", () => {
    const field = z.string().describe("inner").meta({ secret: true }).optional().describe("outer").prefault("x");
    expect(row(field)).toMatchObject({ description: "outer", secret: true, default: "x", flag: null });
    expect(row(z.string().default("inner").default("outer")).default).toBe("outer");
  });

  it("gives positional fields no flag", () => {
    const field = z.array(z.string()).default([]).meta({ positional: true, placeholder: "dir[:ro]" });
    expect(row(field)).toMatchObject({ positional: true, flag: null, type: "list", placeholder: "dir[:ro]" });
  });

  it("says what is required", () => {
    expect(row(z.string()).required).toBe(true);
    expect(row(z.string().transform(Number)).required).toBe(true);
    expect(row(z.string().optional()).required).toBe(false);
    expect(row(z.string().default("a").transform(Number)).required).toBe(false);
  });
});
