import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { runCompiled } from "./compiled.js";

const SOURCE = `(function (exports, require, module, __filename, __dirname) { "use strict";
  exports.sum = (a, b) => a + b;
  exports.here = [__filename, __dirname, require("node:path").sep, module.exports === exports];
  exports.load = () => import("node:os");
})`;

let base = "";
let file: URL;
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), "compiled-"));
  file = pathToFileURL(join(base, "server.cjs"));
  writeFileSync(file, SOURCE);
  for (const name of ["XDG_CACHE_HOME", "LOCALAPPDATA", "HOME"]) vi.stubEnv(name, join(base, "cache"));
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  rmSync(base, { recursive: true, force: true });
});

interface Exports {
  sum(a: number, b: number): number;
  here: unknown[];
  load(): Promise<object>;
}

const start = (build = "1") => runCompiled({ file, name: "server-test", build }) as Exports;

/** The one file that is kept; undefined without. */
function kept(): string | undefined {
  const files = readdirSync(base, { recursive: true, encoding: "utf8" }).filter((path) => /server-test/.test(path));
  expect(files.length).toBeLessThanOrEqual(1);
  return files[0] && join(base, files[0]);
}

/** Starts once and gives it the time to keep its code. */
function keep(build?: string): string {
  start(build);
  vi.runAllTimers();
  const path = kept();
  if (path === undefined) throw new Error("nothing was kept");
  return path;
}

describe("runCompiled", () => {
  it("runs a script as a CommonJS module that can import", async () => {
    const { sum, here, load } = start();
    expect(sum(1, 2)).toBe(3);
    expect(here).toEqual([join(base, "server.cjs"), base, expect.any(String), true]);
    expect(await load()).toHaveProperty("homedir");
  });

  it("keeps the code for its user alone, and does not write it again while it is good", () => {
    const path = keep();
    if (process.platform !== "win32") expect(statSync(path).mode & 0o777).toBe(0o600);
    utimesSync(path, 1, 1);
    expect(start().sum(1, 2)).toBe(3);
    vi.runAllTimers();
    expect(statSync(path).mtimeMs).toBe(1000);
  });

  it("replaces the code of another build", () => {
    const before = readFileSync(keep("1"));
    expect(readFileSync(keep("2"))).not.toEqual(before);
  });

  it.each([
    ["damaged", (code: Buffer) => code.fill(0x55, code.length / 2)],
    ["cut off", (code: Buffer) => code.subarray(0, code.length / 2)],
    ["empty", () => Buffer.alloc(0)],
  ])("does not run code that is %s, and replaces it", (_, spoil) => {
    const path = keep();
    const good = readFileSync(path);
    const bad = spoil(Buffer.from(good));
    writeFileSync(path, bad);
    expect(start().sum(1, 2)).toBe(3);
    vi.runAllTimers();
    expect(readFileSync(path)).not.toEqual(bad);
  });

  it("does without where there is no folder", () => {
    writeFileSync(join(base, "cache"), "");
    expect(start().sum(1, 2)).toBe(3);
    vi.runAllTimers();
    expect(kept()).toBeUndefined();
  });
});
