import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { describe, expect, it } from "vitest";
import { createLogger, type Logger, type LogSettings } from "./logs.js";

const secret = 'hunter2\n"quoted\\';

/** The entries that `act` logs. */
function logged(act: (log: Logger) => void, level: LogSettings["level"] = "trace"): Record<string, unknown>[] {
  const lines: string[] = [];
  act(createLogger({ server: "sample", level, secrets: [secret, "s3cr3t-value"], write: (line) => lines.push(line) }));
  return lines.map((line) => JSON.parse(line));
}

describe("createLogger", () => {
  it("writes level, time, server, fields and message", () => {
    const entries = logged((log) => {
      log.info("plain");
      log.child({ call: 7 }).warn({ path: "/a" }, "with fields");
    });
    expect(entries).toEqual([
      { level: "info", time: expect.stringMatching(/^\d{4}-.*Z$/), server: "sample", msg: "plain" },
      { level: "warn", time: expect.any(String), server: "sample", call: 7, path: "/a", msg: "with fields" },
    ]);
  });

  it("leaves out what is below the level", () => {
    const levels = ["trace", "debug", "info", "warn", "error", "fatal"] as const;
    const entries = logged((log) => levels.map((level) => log[level](level)), "warn");
    expect(entries.map(({ msg }) => msg)).toEqual(["warn", "error", "fatal"]);
  });

  it("goes to stderr alone, and loses nothing when the process exits at once", () => {
    const script = `
      import { createLogger } from ${JSON.stringify(new URL("./logs.ts", import.meta.url).href)};
      const log = createLogger({ server: "sample", level: "info" });
      for (let i = 0; i < 500; i++) log.info({ i, padding: "x".repeat(500) }, "line");
      process.exit(0);`;
    const tsx = createRequire(import.meta.url).resolve("tsx");
    const node = spawnSync(process.execPath, ["--import", tsx, "--input-type=module", "-e", script], {
      encoding: "utf8",
    });
    expect(node.stdout).toBe("");
    expect(
      node.stderr
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line).i),
    ).toEqual(Array.from({ length: 500 }, (_, i) => i));
  });

  it.each<[string, (log: Logger) => void]>([
    ["message", (log) => log.info(`got ${secret}`)],
    ["field", (log) => log.info({ value: secret, deep: [{ deeper: `a ${secret}` }] }, "m")],
    ["field name", (log) => log.info({ [secret]: 1 }, "m")],
    ["error and its cause", (log) => log.error({ err: new Error(secret, { cause: new Error(`for ${secret}`) }) }, "m")],
    ["error alone", (log) => log.error(new Error(secret))],
    ["property of an error", (log) => log.error({ err: Object.assign(new Error("x"), { detail: secret }) }, "m")],
    ["child's binding", (log) => log.child({ value: secret }).child({ again: secret }).info("m")],
    ["object's own JSON", (log) => log.info({ value: { toJSON: () => secret } }, "m")],
    ["URL", (log) => log.info({ url: `https://host/?q=${encodeURIComponent(secret)}` }, "m")],
  ])("redacts a secret in a %s", (_, act) => {
    const text = JSON.stringify(logged(act));
    expect(text).toContain("[redacted]");
    expect(text).not.toMatch(/hunter2|quoted/);
  });

  it("redacts what is named like a secret or looks like one", () => {
    const headers = { Authorization: "abc", Cookie: "abc" };
    const fields = { headers, apiKey: "abc", tokens: 12, url: "https://me:passw0rd@host/" };
    expect(logged((log) => log.info(fields, "m"))[0]).toMatchObject({
      headers: { Authorization: "[redacted]", Cookie: "[redacted]" },
      apiKey: "[redacted]",
      tokens: 12,
      url: "https://me:[redacted]@host/",
    });
  });

  it("copes with values that JSON cannot hold", () => {
    const loop: Record<string, unknown> = {};
    loop.loop = loop;
    const odd = { loop, big: 5n, f() {}, nan: Number.NaN, missing: undefined, ["__proto__"]: { a: 1 } };
    const entries = logged((log) => {
      log.info(odd, "odd");
      log.error({ err: undefined }, "nothing thrown");
    });
    expect(entries.map(({ msg }) => msg)).toEqual(["odd", "nothing thrown"]);
  });
});
