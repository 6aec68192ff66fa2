import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { ConfigError } from "./config-error.js";
import type { Environment } from "./environment.js";
import { loadConfig } from "./load.js";
import { describeOptions } from "./options.js";
import { sharedOptions } from "./shared.js";

const folder = mkdtempSync(join(tmpdir(), "load-config-"));
const configFile = join(folder, "config.json");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const schema = z.object({
  someText: z.string().optional(),
  count: z.number().optional(),
  switchedOn: z.boolean().optional(),
  items: z.array(z.string()).optional(),
  mode: z.enum(["on", "off", "half-way"]).optional(),
  limit: z.union([z.number(), z.literal("off")]).optional(),
  places: z.array(z.string()).optional().meta({ positional: true }),
  token: z.string().optional().meta({ secret: true, env: "SERVICE_TOKEN" }),
});
type Config = z.output<typeof schema>;

const rows = describeOptions(schema);
const shared = sharedOptions({ readOnly: false });

function load(argv: readonly string[], env: Environment = {}): Config {
  const loaded = loadConfig({ schema, shared, argv, env });
  if (loaded.kind !== "run") throw new Error(`asked for ${loaded.kind}`);
  return loaded.config;
}

const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0); // JSON and text have no -0
const word = fc.string({ minLength: 1, unit: "binary" });
const settings: fc.Arbitrary<Config> = fc.record(
  {
    someText: word,
    count: number,
    switchedOn: fc.boolean(),
    items: fc.array(word, { minLength: 1 }),
    mode: fc.constantFrom("on", "off", "half-way"),
    limit: fc.oneof(number, fc.constant("off" as const)),
    places: fc.array(word, { minLength: 1 }),
  },
  { requiredKeys: [] },
);

const asText = (value: unknown) => (Array.isArray(value) ? JSON.stringify(value) : String(value));

function asFlags({ places, ...config }: Config): string[] {
  const flags = Object.entries(config).map(
    ([name, value]) => `${rows.find((row) => row.name === name)?.flag}=${asText(value)}`,
  );
  return places ? [...flags, "--", ...places] : flags;
}

const asEnvironment = (config: Config) =>
  Object.fromEntries(
    Object.entries(config).map(([name, value]) => [rows.find((row) => row.name === name)?.env, asText(value)]),
  );

function inFile(config: Config): string[] {
  writeFileSync(configFile, JSON.stringify(config));
  return ["--config", configFile];
}

describe("loadConfig", () => {
  it("reads the same settings from flags, environment and file", () => {
    fc.assert(
      fc.property(settings, (config) => {
        expect(load(asFlags(config))).toEqual(config);
        expect(load([], asEnvironment(config))).toEqual(config);
        expect(load(inFile(config))).toEqual(config);
      }),
    );
  });

  it("takes each setting from its first source, whatever the others say", () => {
    fc.assert(
      fc.property(settings, settings, settings, (flags, env, file) => {
        expect(load([...inFile(file), ...asFlags(flags)], asEnvironment(env))).toEqual({ ...file, ...env, ...flags });
      }),
    );
  });

  it("reads items between commas and from repeated flags alike", () => {
    const item = fc.string({ minLength: 1 }).filter((text) => text.trim() === text && !/[,{}[]/.test(text));
    fc.assert(
      fc.property(fc.array(item, { minLength: 1 }), (items) => {
        expect(load([`--items=${items.join(",")}`]).items).toEqual(items);
        expect(load(items.map((one) => `--items=${one}`)).items).toEqual(items);
        expect(load([], { MCP_ITEMS: items.join(" , ") }).items).toEqual(items);
      }),
    );
  });

  it("says no more than ConfigError about any arguments, a line each", () => {
    const flag = fc.constantFrom(...[...rows, ...describeOptions(shared)].flatMap((row) => row.flag ?? []));
    const argument = fc.oneof(
      fc.string(),
      flag,
      flag.map((name) => `${name}=1`),
      fc.string().map((name) => `--${name}`),
    );
    fc.assert(
      fc.property(fc.array(argument), (argv) => {
        for (const problem of problemsOf(argv)) expect(problem).toMatch(/^\P{Cc}+$/u);
      }),
    );
  });

  it("never repeats a secret, wherever it was put by mistake", () => {
    const secret = fc.stringMatching(/^[\w~+/.-]{6,30}\d[\w~+/.-]{6,30}$/); // without a digit it may as well be a mistyped flag
    const misplaced = fc.constantFrom(
      (text: string) => ["--token", text],
      (text: string) => [`--token=${text}`],
      (text: string) => ["--tokn", text],
      (text: string) => [`--service-token=${text}`],
      (text: string) => ["-t", text],
      (text: string) => ["--bogus", text, "--count", "many"],
      (text: string) => ["--count", "many", `--${text}`],
    );
    fc.assert(
      fc.property(secret, misplaced, (text, put) => {
        const problems = problemsOf(put(text)).join("\n");
        expect(problems).not.toBe("");
        expect(problems).not.toContain(text);
        expect(problemsOf(["--count", "many"], { SERVICE_TOKEN: text, MCP_SOME_TEXT: "x" }).join()).not.toContain(text);
        expect(problemsOf([], { SERVICE_TOKEN_FILE: text }).join()).not.toContain(text);
        expect(problemsOf([`--count=${text}`], { SERVICE_TOKEN: text }).join()).not.toContain(text);
      }),
    );
  });
});

function problemsOf(argv: readonly string[], env: Environment = {}): readonly string[] {
  try {
    loadConfig({ schema, shared, argv, env });
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}
