import { execFileSync } from "node:child_process";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { connect, errorOf, tempDir } from "@mcp-reference/testing";
import { beforeEach, expect, it } from "vitest";
import definition from "../index.js";

let dir: string;
beforeEach(async () => {
  dir = await tempDir();
});

async function tree(args: Record<string, unknown> = {}, argv: string[] = []) {
  const client = await connect(definition, { argv: [dir, ...argv] });
  const result = await client.callTool("directory_tree", { path: dir, ...args });
  expect(errorOf(result)).toBeUndefined();
  const [body = "", note = ""] = result.content.map((block) => (block.type === "text" ? block.text : ""));
  return { body, lines: body.split("\n"), note };
}

async function fill(paths: string[]) {
  for (const path of paths) {
    await mkdir(join(dir, path, ".."), { recursive: true });
    if (path.endsWith("/")) await mkdir(join(dir, path), { recursive: true });
    else await writeFile(join(dir, path), "");
  }
}

/** The paths that an indented tree shows, a directory with a slash at its end. */
function pathsIn(lines: string[]): string[] {
  const names: string[] = [];
  return lines.map((line) => {
    const [, indent = "", shown = ""] = /^( *)(.*)$/.exec(line) ?? [];
    const [, name = "", mark = ""] = /^(.*?)([/@=]?)$/.exec(shown) ?? [];
    names.splice(indent.length / 2);
    names.push(name.startsWith('"') ? JSON.parse(name) : name);
    return names.join("/") + mark;
  });
}

it("shows what find shows", async () => {
  await fill(["a.txt", "b/c.txt", "b/d/e.txt", "b/d/f/g.txt", "empty/", ".dot/x", "z z/ü/\u0001\n/日本"]);
  await symlink("a.txt", join(dir, "link"));
  await symlink("/etc", join(dir, "b", "out"));
  execFileSync("mkfifo", [join(dir, "fifo")]);
  const { lines, note } = await tree({ depth: 100 });
  const found = execFileSync("find", [
    dir,
    "-mindepth",
    "1",
    "(",
    "-type",
    "d",
    "-printf",
    "%P/\\0",
    "-o",
    "-type",
    "l",
    "-printf",
    "%P@\\0",
    "-o",
    "-type",
    "p",
    "-printf",
    "%P=\\0",
    "-o",
    "-printf",
    "%P\\0",
    ")",
  ]);
  expect(pathsIn(lines).sort()).toEqual(found.toString().split("\0").slice(0, -1).sort());
  expect(note).toBe("");
});

it("stops at the depth asked for, three by default, and marks what it did not open", async () => {
  await fill(["1/2/3/4/5.txt", "1/2/3/empty/", "a.txt"]);
  expect(await tree()).toMatchObject({
    body: "1/\n  2/\n    3/ …\na.txt",
    note: expect.stringContaining("not opened"),
  });
  expect((await tree({ depth: 1 })).body).toBe("1/ …\na.txt");
  expect(await tree({ depth: 5 })).toMatchObject({
    body: "1/\n  2/\n    3/\n      4/\n        5.txt\n      empty/\na.txt",
    note: "",
  });
});

it("shows the top of everything when there is too much, and says what is missing", async () => {
  await fill([
    ...Array.from({ length: 500 }, (_, index) => `big/${index}.txt`),
    "small/a.txt",
    "small/b.txt",
    "top.txt",
  ]);
  const { body, lines, note } = await tree({ max_entries: 13 });
  expect(body).toMatch(/^big\/\n( {2}\d+\.txt\n){8} {2}… 492 more\nsmall\/\n {2}a\.txt\n {2}b\.txt\ntop\.txt$/);
  expect(lines).toHaveLength(14);
  expect(note).toMatch(/Cut at 13 entries/);
});

it("leaves out what it is told to, names at any depth, and secrets", async () => {
  await fill(["node_modules/x/y", "src/node_modules/z", "src/a.ts", "src/a.test.ts", "b.test.ts", ".env", "src/.env"]);
  expect((await tree({ excludePatterns: ["node_modules", "**/*.test.ts"] })).body).toBe("src/\n  a.ts");
  const { body, note } = await tree({ excludePatterns: ["*.test.ts"], depth: 2 });
  expect(body).toContain("a.test.ts");
  expect(body).not.toMatch(/^b\.test\.ts/m);
  expect(note).toMatch(/2 entries are hidden by the secrets policy/);
});

it("says when the text was cut", async () => {
  await fill(Array.from({ length: 300 }, (_, index) => `a-rather-long-file-name-${index}.txt`));
  const { lines, note } = await tree({}, ["--max-output=4k"]);
  expect(note).toContain(`Cut after ${lines.length} of 300 lines`);
});

it("says when there is nothing, and why it may not look", async () => {
  expect((await tree()).body).toBe("No entries");
  const client = await connect(definition, { argv: [dir] });
  await fill(["a.txt"]);
  for (const [path, code] of Object.entries({
    "/etc": "OUTSIDE_ROOT",
    none: "NOT_FOUND",
    "a.txt": "INVALID_ARGUMENT",
  })) {
    expect(errorOf(await client.callTool("directory_tree", { path }))).toMatchObject({ code });
  }
});
