import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { layerViolations } from "./check-layers.js";

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "layers-"));
  for (const group of ["packages", "servers", "tooling"]) mkdirSync(join(root, group));
});
afterEach(() => rmSync(root, { recursive: true }));

function write(path: string, text: string) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

test("imports that follow the order of the layers are not reported", () => {
  write("packages/runtime/package.json", '{"dependencies":{"@mcp-reference/security":"workspace:*","zod":"4"}}');
  write(
    "packages/runtime/src/serve/stdio.ts",
    'import { a } from "../index.js";\nimport { serveStdio } from "@modelcontextprotocol/server/stdio";',
  );
  write("servers/git/package.json", '{"devDependencies":{"@mcp-reference/testing":"workspace:*"}}');
  write("servers/git/src/log.test.ts", 'import { connect } from "@mcp-reference/testing";');
  write("servers/git/src/log.fixture.ts", 'import { git } from "@mcp-reference/testing";');
  write("servers/git/node_modules/x/index.ts", 'import "@mcp-reference/client";');
  expect(layerViolations(root)).toEqual([]);
});

test.each([
  ["packages/validation", "src/a.ts", 'import { z } from "@mcp-reference/security";', "@mcp-reference/security"],
  ["packages/security", "src/a.ts", 'export * from "@mcp-reference/runtime";', "@mcp-reference/runtime"],
  ["packages/security", "src/a.ts", 'import type { A } from "../../runtime/src/a.js";', "../../runtime/src/a.js"],
  ["packages/runtime", "src/a.ts", 'const c = await import("@mcp-reference/client");', "@mcp-reference/client"],
  ["packages/client", "src/a.ts", 'import "@modelcontextprotocol/server/stdio";', "@modelcontextprotocol/server/stdio"],
  ["servers/git", "src/a.ts", 'import {\n  connect,\n} from "@mcp-reference/testing";', "@mcp-reference/testing"],
  ["servers/git", "src/a.test.ts", 'import def from "@mcp-reference/server-slack";', "@mcp-reference/server-slack"],
  [
    "servers/git",
    "test/a.test.ts",
    'import { Client } from "@modelcontextprotocol/sdk/client";',
    "@modelcontextprotocol/sdk/client",
  ],
  [
    "tooling/demo",
    "src/a.ts",
    'import { Client } from "@modelcontextprotocol/client";',
    "@modelcontextprotocol/client",
  ],
])("%s/%s: %s", (folder, file, source, specifier) => {
  write(`${folder}/package.json`, "{}");
  write(`${folder}/${file}`, source);
  expect(layerViolations(root)).toEqual([expect.stringContaining(`may not import ${specifier}`)]);
  expect(layerViolations(root)[0]).toContain(`${folder}/${file}: `);
});

test("a package.json is held to the same order", () => {
  write("packages/security/package.json", '{"dependencies":{"@mcp-reference/runtime":"workspace:*"}}');
  write("servers/git/package.json", '{"dependencies":{"@mcp-reference/testing":"workspace:*"}}');
  expect(layerViolations(root)).toEqual([
    "packages/security/package.json: packages/security may not import @mcp-reference/runtime",
    "servers/git/package.json: a server may not import @mcp-reference/testing",
  ]);
});
