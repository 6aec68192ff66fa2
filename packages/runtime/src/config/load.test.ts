import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { ConfigError } from "./config-error.js";
import type { Environment } from "./environment.js";
import { loadConfig } from "./load.js";
import { sharedOptions } from "./shared.js";

const folder = mkdtempSync(join(tmpdir(), "load-config-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const schema = z.object({
  directories: z.array(z.string().min(1)).default([]).meta({ positional: true, placeholder: "dir" }),
  deny: z.array(z.string()).default(["*.key"]),
  depth: z.number().int().min(1).max(9).default(3),
  hidden: z.boolean().default(false),
  baseUrl: z.url().optional(),
  token: z.string().min(8).optional().meta({ secret: true, env: "SERVICE_TOKEN" }),
  resources: z.array(z.strictObject({ uri: z.url() })).optional(),
});

function load(argv: readonly string[], env: Environment = {}, own: z.ZodObject = schema) {
  const loaded = loadConfig({ schema: own, shared: sharedOptions({ readOnly: false }), argv, env });
  if (loaded.kind !== "run") throw new Error(`asked for ${loaded.kind}`);
  return loaded;
}

function problems(argv: readonly string[], env: Environment = {}, own: z.ZodObject = schema): readonly string[] {
  try {
    load(argv, env, own);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe("precedence", () => {
  const path = file(
    "precedence.json",
    JSON.stringify({ depth: 4, hidden: true, deny: ["a"], timeout: 9, directories: ["/f"] }),
  );

  it("is flag, environment, file, default", () => {
    expect(load([]).config).toMatchObject({ depth: 3, hidden: false, deny: ["*.key"], directories: [] });
    expect(load(["--config", path]).config).toMatchObject({ depth: 4, hidden: true, deny: ["a"], directories: ["/f"] });
    expect(load([], { MCP_CONFIG: path, MCP_DEPTH: "5" }).config).toMatchObject({ depth: 5, hidden: true });
    expect(load([`--config=${path}`, "--depth=6", "--deny", "b", "/g"], { MCP_DEPTH: "5" }).config).toMatchObject({
      depth: 6,
      deny: ["b"],
      directories: ["/g"],
    });
    expect(load(["--config", path, "--hidden=false"]).config).toMatchObject({ hidden: false });
  });

  it("holds for the shared options too", () => {
    expect(load(["--config", path]).shared.timeout).toBe(9);
    expect(load(["--config", path, "--timeout", "0.5"]).shared.timeout).toBe(0.5);
  });

  it("counts empty variables as unset", () => {
    expect(load([], { MCP_DEPTH: "", SERVICE_TOKEN: "", SERVICE_TOKEN_FILE: "", MCP_CONFIG: "" })).toMatchObject({
      secrets: [],
    });
  });
});

describe("the command line", () => {
  it("takes lists as repeated flags, with commas, and as JSON", () => {
    const deny = (...argv: string[]) => load(argv).config.deny;
    expect(deny("--deny", "a, b", "--deny=c")).toEqual(["a", "b", "c"]);
    expect(deny("--deny", "**/*.{pem,key},*.{a,{b,c}}")).toEqual(["**/*.{pem,key}", "*.{a,{b,c}}"]);
    expect(deny("--deny", "[ab],c")).toEqual(["[ab]", "c"]);
    expect(deny("--deny", '[" a,b", "c"]')).toEqual([" a,b", "c"]);
    expect(deny("--deny=")).toEqual([]);
  });

  it("keeps arguments as they are, and takes them after --", () => {
    expect(load(["/a,b", " c", "-", "--", "--depth", "-x"]).config).toMatchObject({
      directories: ["/a,b", " c", "-", "--depth", "-x"],
      depth: 3,
    });
  });

  it("takes values that begin with a dash, and the last of several", () => {
    expect(problems(["--depth", "-5"])).toEqual(["--depth: must be a whole number from 1 to 9 (got -5)"]);
    expect(load(["--depth", "2", "--depth", "5"]).config.depth).toBe(5);
  });

  it("answers --help and --version whatever else is wrong", () => {
    const ask = (argv: string[]) =>
      loadConfig({ schema, shared: sharedOptions({ readOnly: true }), argv, env: { MCP_DEPTH: "x" } });
    expect(ask(["--bogus", "--depth", "x", "--help"])).toEqual({ kind: "help" });
    expect(ask(["-h"])).toEqual({ kind: "help" });
    expect(ask(["--config", "/nowhere", "--version"])).toEqual({ kind: "version" });
  });

  it.each([
    [["--read-olny"], "unknown flag --read-olny; did you mean --read-only?"],
    [["--maxOutput", "64k"], "unknown flag --maxOutput; did you mean --max-output?"],
    [["--bogus"], "unknown flag --bogus; see --help"],
    [["-r", "x"], "unknown flag -r; see --help"],
    [["--no-read-only"], "unknown flag --no-read-only; write --read-only=false"],
    [["--hidden", "false"], "--hidden: takes its value after an equals sign: --hidden=false"],
    [["--depth"], "--depth: needs a value: --depth <n>"],
    [["--depth", "--hidden"], "--depth: needs a value: --depth <n>"],
    [["--depth", "many"], '--depth: must be a whole number from 1 to 9 (got "many")'],
    [["--depth="], '--depth: must be a whole number from 1 to 9 (got "")'],
    [["--depth", "1.5"], "--depth: must be a whole number from 1 to 9 (got 1.5)"],
    [["--hidden=perhaps"], '--hidden: must be true or false (got "perhaps")'],
    [["--base-url", "here"], '--base-url: must be a URL (got "here")'],
    [["--confirm", "sometimes"], '--confirm: must be one of auto, always, never (got "sometimes")'],
    [["--timeout", "0"], "--timeout: must be a number from 0.1 to 3600 (got 0)"],
    [["--max-output", "12q"], '--max-output: must be bytes, such as 65536, 64k or 16m (got "12q")'],
    [["--max-output", "1"], "--max-output: must be a whole number from 1024 to 268435456 (got 1)"],
    [["--rate-limit", "none"], '--rate-limit: must be a whole number from 1 to 1000000 or off (got "none")'],
    [["a", ""], 'dir: item 2 must not be empty (got "")'],
    [["--directories", "x"], "--directories: is given without a flag: dir"],
    [["--resources", "x"], "--resources: does not fit on the command line; set resources in a --config file"],
    [["--http", ":80"], "--http: this version serves stdio only; leave it out"],
    [["--sse"], "--sse: this version serves stdio only; leave it out"],
    [["--ws=1"], "--ws: this version serves stdio only; leave it out"],
  ])("%j is told in one line", (argv, line) => {
    expect(problems(argv)).toEqual([line]);
  });

  it("tells arguments apart that a server has no use for, without repeating them", () => {
    expect(problems(["xoxb-mistaken"], {}, z.object({}))).toEqual([
      "unexpected argument: every option is a flag such as --log-level debug; see --help",
    ]);
  });
});

describe("the shared options", () => {
  it("have their defaults", () => {
    expect(load([]).shared).toEqual({
      readOnly: false,
      confirm: "auto",
      timeout: 60,
      maxOutput: 256 * 1024,
      rateLimit: "off",
      logLevel: "info",
    });
    const readOnly = loadConfig({ schema, shared: sharedOptions({ readOnly: true }), argv: [], env: {} });
    expect(readOnly).toMatchObject({ shared: { readOnly: true } });
  });

  it("are read", () => {
    const argv = ["--read-only", "--tools=a,b", "--max-output", "16M", "--rate-limit", "600", "--audit-log", "x.log"];
    expect(load([...argv, "--confirm=never", "--log-level=trace"]).shared).toMatchObject({
      readOnly: true,
      tools: ["a", "b"],
      maxOutput: 16 * 1024 ** 2,
      rateLimit: 600,
      auditLog: "x.log",
      confirm: "never",
      logLevel: "trace",
    });
  });
});

describe("the config file", () => {
  it("points into nested values, without repeating them", () => {
    const path = file(
      "nested.json",
      '\uFEFF{"resources": [{"uri": "file:///a"}, {"uri": "xoxb-secret", "nmae": 1, "url": 2}]}',
    );
    expect(problems(["--config", path])).toEqual([
      `resources in ${path}: [1].uri must be a URL`,
      `resources in ${path}: [1] has unknown keys: nmae, url (did you mean uri?)`,
    ]);
  });

  it.each([
    ['{"maxOutptu": 1}', (path: string) => `maxOutptu in ${path}: unknown key; did you mean maxOutput?`],
    ['{"max-output": 1}', (path: string) => `max-output in ${path}: unknown key; did you mean maxOutput?`],
    ['{"__proto__": {"depth": 1}}', (path: string) => `__proto__ in ${path}: unknown key; see --help for the names`],
    ['{"help": true}', (path: string) => `help in ${path}: unknown key; see --help for the names`],
    ['{"http": ":80"}', (path: string) => `http in ${path}: this version serves stdio only; leave it out`],
    ['{"depth": "4"}', (path: string) => `depth in ${path}: must be a whole number from 1 to 9 (got "4")`],
    ['{"hidden": 1}', (path: string) => `hidden in ${path}: must be true or false (got 1)`],
    ['{"deny": "a"}', (path: string) => `deny in ${path}: must be a list (got "a")`],
    ['{"deny": ["a", null]}', (path: string) => `deny in ${path}: item 2 must be a string`],
    ["[1]", (path: string) => `--config: ${path} must hold a JSON object, such as {"timeout": 120}`],
    ["null", (path: string) => `--config: ${path} must hold a JSON object, such as {"timeout": 120}`],
    [
      '{\n  "depth": 4,\n}',
      (path: string) => `--config: ${path} is not valid JSON at line 3, column 1; correct the syntax`,
    ],
  ])("%j is told in one line", (text, line) => {
    const path = file("bad.json", text);
    expect(problems(["--config", path])).toEqual([line(path)]);
  });

  it("that cannot be read is told", () => {
    expect(problems(["--config", join(folder, "none.json")])[0]).toMatch(
      /^--config: cannot read .*none\.json \(ENOENT\)/,
    );
    expect(problems(["--config", folder])[0]).toMatch(/\(EISDIR\)/);
  });

  it("that is no JSON is never quoted", () => {
    for (const text of [
      "hunter2-secret",
      '{"token": hunter2-secret}',
      '{"a": "hunter2-secret" "b"}',
      "{'hunter2-secret'}",
    ]) {
      expect(problems(["--config", file("quoted.json", text)]).join()).not.toContain("hunter2");
    }
  });
});

describe("secrets", () => {
  it("come from the environment or from a file, without its last line end", () => {
    expect(load([], { SERVICE_TOKEN: "hunter2-secret" })).toMatchObject({
      config: { token: "hunter2-secret" },
      secrets: ["hunter2-secret"],
    });
    for (const [text, secret] of [
      ["12345678\n", "12345678"],
      ["12345678\r\n", "12345678"],
      [" 1234567\n\n", " 1234567\n"],
    ] as const) {
      expect(load([], { SERVICE_TOKEN_FILE: file("token", text) })).toMatchObject({
        config: { token: secret },
        secrets: [secret],
      });
    }
  });

  it("are refused everywhere else", () => {
    const refusal = "a secret is never taken from";
    expect(problems(["--token", "hunter2-secret"])).toEqual([
      `--token: ${refusal} the command line; set SERVICE_TOKEN or SERVICE_TOKEN_FILE`,
    ]);
    const path = file("secret.json", '{"token": "hunter2-secret"}');
    expect(problems(["--config", path])).toEqual([
      `token in ${path}: ${refusal} a config file; set SERVICE_TOKEN or SERVICE_TOKEN_FILE`,
    ]);
  });

  it("are not repeated when they, their file or their place is wrong", () => {
    expect(problems([], { SERVICE_TOKEN: "hunter2" })).toEqual(["SERVICE_TOKEN: must have at least 8 characters"]);
    expect(problems([], { SERVICE_TOKEN: "a", SERVICE_TOKEN_FILE: "b" })[0]).toBe(
      "SERVICE_TOKEN: SERVICE_TOKEN_FILE is set too; keep one of them",
    );
    expect(problems([], { SERVICE_TOKEN_FILE: "hunter2-secret" })).toEqual([
      "SERVICE_TOKEN_FILE: cannot read the file it names (ENOENT); name a readable one",
    ]);
    expect(problems([], { SERVICE_TOKEN_FILE: file("empty", "\n") })).toEqual([
      "SERVICE_TOKEN_FILE: the file it names is empty; put the secret in it",
    ]);
    const quoting = z.object({
      token: z
        .string()
        .refine(() => false, { error: ({ input }) => `${input} is no token` })
        .meta({ secret: true }),
    });
    expect(problems([], { MCP_TOKEN: "hunter2-secret" }, quoting)).toEqual(["MCP_TOKEN: [redacted] is no token"]);
  });

  it("that are missing are asked for", () => {
    const required = z.object({
      token: z.string().meta({ secret: true, env: "SERVICE_TOKEN" }),
      repository: z.string(),
    });
    expect(problems([], {}, required)).toEqual([
      "SERVICE_TOKEN: is required; set it, or set SERVICE_TOKEN_FILE to a file that holds it",
      "--repository: is required; give --repository <text> or set MCP_REPOSITORY",
    ]);
  });
});

describe("problems", () => {
  it("are all told at once, a line each", () => {
    const path = file("many.json", '{"bogus": 1, "hidden": "x\\ny"}');
    const env = { MCP_CONFIG: path, MCP_TIMEOUT: "abc", SERVICE_TOKEN: "short" };
    const lines = problems(["--depht", "1", "--depth=99", "--log-level", "loud\nvery"], env);
    expect(lines).toHaveLength(7);
    expect(lines.every((line) => !/\p{Cc}/u.test(line))).toBe(true);
    expect(lines).toContain('MCP_TIMEOUT: must be a number from 0.1 to 3600 (got "abc")');
    expect(new ConfigError(lines).message.split("\n")).toHaveLength(7);
  });

  it("of the whole schema carry its own words", () => {
    const whole = z.object({ a: z.string().optional() }).refine(({ a }) => a === "x", "give --a x");
    expect(problems(["--a", "y"], {}, whole)).toEqual(["give --a x"]);
  });

  it("of a server's author are no ConfigError", () => {
    expect(() => load([], {}, z.object({ timeout: z.string() }))).toThrow("Two options have the name timeout");
    expect(() => load([], {}, z.object({ key: z.string().meta({ env: "MCP_TIMEOUT" }) }))).toThrow(
      "the env MCP_TIMEOUT",
    );
  });
});
