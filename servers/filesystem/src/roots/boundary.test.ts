import { mkdir, symlink, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { Caller, Logger } from "@mcp-reference/runtime";
import { connect, spawnBin, tempDir, textOf } from "@mcp-reference/testing";
import { beforeEach, describe, expect, it } from "vitest";
import type { Config } from "../config.js";
import definition from "../index.js";
import { type Boundary, openBoundary } from "./boundary.js";
import { parseDirectory } from "./directories.js";

let dir: string;
let warnings: string[];
let opened: Boundary[];

beforeEach(async () => {
  dir = await tempDir();
  warnings = [];
  opened = [];
  return () => Promise.all(opened.map((boundary) => boundary.close()));
});

const log = { warn: (words: string) => warnings.push(words) } as unknown as Logger;
const caller = (roots?: string[]): Caller => ({ id: "me", scopes: "all", roots });
const uri = (name: string) => pathToFileURL(name).href;

async function open(directories: string[], more: Partial<Config> = {}, readOnly = false): Promise<Boundary> {
  const config = { directories, deny: [], allowSecret: [], resources: [], ...more };
  const boundary = await openBoundary(config, { log, readOnly });
  opened.push(boundary);
  return boundary;
}

async function rootsOf(boundary: Boundary, roots?: string[]): Promise<string[]> {
  const sandbox = await boundary.forCaller(caller(roots));
  return sandbox.roots.map(({ path: root, writable }) => root + (writable ? "" : ":ro"));
}

describe("parseDirectory", () => {
  it("reads dir, dir:ro and the home folder", () => {
    expect(parseDirectory("/a/b", "/home/me")).toEqual({ path: "/a/b", readOnly: false });
    expect(parseDirectory("/a/b:ro", "/home/me")).toEqual({ path: "/a/b", readOnly: true });
    expect(parseDirectory("~", "/home/me")).toEqual({ path: "/home/me", readOnly: false });
    expect(parseDirectory("~/x:ro", "/home/me")).toEqual({ path: "/home/me/x", readOnly: true });
    expect(parseDirectory("~x", "/home/me")).toEqual({ path: path.resolve("~x"), readOnly: false });
    expect(parseDirectory(":ro", "/home/me")).toEqual({ path: path.resolve(":ro"), readOnly: false });
    expect(parseDirectory(" a ", "/home/me").path).toBe(path.resolve(" a "));
  });
});

describe("directories on the command line", () => {
  it("bound everything; roots narrow them and never widen", async () => {
    const other = await tempDir();
    await mkdir(path.join(dir, "sub"));
    const boundary = await open([dir, `${other}:ro`]);
    expect(await rootsOf(boundary)).toEqual([dir, `${other}:ro`]);
    expect(await rootsOf(boundary, [uri(path.join(dir, "sub"))])).toEqual([path.join(dir, "sub")]);
    expect(await rootsOf(boundary, [uri(path.join(other, "."))])).toEqual([`${other}:ro`]);
    expect(await rootsOf(boundary, [uri("/")])).toEqual([dir, `${other}:ro`]);
    expect(await rootsOf(boundary, [uri("/etc"), "https://example.com/"])).toEqual([]);
    expect(await rootsOf(boundary, [])).toEqual([]);
  });

  it("may be missing in part, not all", async () => {
    await writeFile(path.join(dir, "file"), "");
    const [missing, file] = [path.join(dir, "none"), path.join(dir, "file")];
    expect(await rootsOf(await open([missing, dir, file]))).toEqual([dir]);
    expect(warnings).toEqual([`skipped: "${missing}" does not exist`, `skipped: "${file}" is not a directory`]);
    await expect(open([missing, file])).rejects.toMatchObject({
      problems: [`"${missing}" does not exist`, `"${file}" is not a directory`],
    });
  });

  it("are read-only on a read-only server, and hide what is asked for", async () => {
    await writeFile(path.join(dir, "x.key2"), "");
    await writeFile(path.join(dir, ".env"), "");
    const boundary = await open([dir], { deny: ["*.key2"], allowSecret: [".env"] }, true);
    expect(await rootsOf(boundary)).toEqual([`${dir}:ro`]);
    const sandbox = await boundary.forCaller(caller());
    await expect(sandbox.openFile("x.key2")).rejects.toMatchObject({ code: "PERMISSION_DENIED" });
    await (await sandbox.openFile(".env")).close();
  });
});

describe("without directories", () => {
  it("adopts the client's roots, through links too", async () => {
    const other = await tempDir();
    await symlink(other, path.join(dir, "link"));
    const boundary = await open([]);
    expect(await rootsOf(boundary, [uri(dir), uri(path.join(dir, "link")), uri("/none/such")])).toEqual([dir, other]);
    expect(await rootsOf(boundary, [])).toEqual([]);
    expect(warnings).toEqual([`root skipped: "/none/such" does not exist`]);
  });

  it("serves the current directory read-only and says so", async () => {
    const bin = new URL("../../dist/cli.js", import.meta.url);
    const server = spawnBin(bin, { cwd: dir });
    await server.initialize();
    const { result } = await server.request("tools/call", { name: "list_allowed_directories", arguments: {} });
    expect(result).toMatchObject({ structuredContent: { directories: [{ path: dir, writable: false }] } });
    expect(server.stderr).toContain(`serving ${dir}, read-only`);
    server.closeStdin();
    expect(await server.exit).toMatchObject({ code: 0 });
  });

  it.each(["/", homedir()])("refuses to serve %s unasked", async (cwd) => {
    const bin = new URL("../../dist/cli.js", import.meta.url);
    const server = spawnBin(bin, { cwd, env: { HOME: homedir() } });
    server.closeStdin();
    expect(await server.exit).toMatchObject({ code: 2 });
    expect(server.stderr).toContain("name what to serve");
  });
});

it("follows a client that changes its roots", async () => {
  const [one, two] = [path.join(dir, "one"), path.join(dir, "two")];
  await mkdir(one);
  await mkdir(two);
  const client = await connect(definition, { argv: [dir], roots: [uri(one)], era: "2025" });
  const allowed = async () => textOf(await client.callTool("list_allowed_directories", {}));
  expect(await allowed()).toContain(one);
  await client.setRoots([uri(two)]);
  await expect.poll(allowed).toContain(two);
  expect(await allowed()).not.toContain(one);
});

it("keeps its promises to more clients than it keeps sandboxes for", async () => {
  const boundary = await open([dir]);
  const names = Array.from({ length: 300 }, (_, index) => path.join(dir, `${index}`));
  await Promise.all(names.map((name) => mkdir(name)));
  for (const name of names) expect(await rootsOf(boundary, [uri(name)])).toEqual([name]);
  expect(await rootsOf(boundary, [uri(names[0] ?? "")])).toEqual([names[0]]);
});
