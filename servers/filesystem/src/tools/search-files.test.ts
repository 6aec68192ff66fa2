import { execFileSync } from "node:child_process";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { connect, errorOf, tempDir, textOf } from "@mcp-reference/testing";
import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import definition from "../index.js";

type Client = Awaited<ReturnType<typeof connect>>;

let dir: string;
beforeEach(async () => {
  dir = await tempDir();
});

async function fill(paths: string[]) {
  for (const path of paths) {
    await mkdir(join(dir, path, ".."), { recursive: true });
    await writeFile(join(dir, path), "");
  }
}

async function page(client: Client, args: Record<string, unknown>) {
  const result = await client.callTool("search_files", { path: dir, ...args });
  expect(errorOf(result)).toBeUndefined();
  const [body = "", note = ""] = result.content.map((block) => (block.type === "text" ? block.text : ""));
  const lines = body === "No matches found" ? [] : body.split("\n");
  const paths = lines.map((line): string => (line.startsWith('"') ? JSON.parse(line) : line));
  return { paths, note, cursor: /cursor "([^"]+)"/.exec(note)?.[1] };
}

const find = (...args: string[]) =>
  execFileSync("find", [dir, "-mindepth", "1", ...args, "-print0"])
    .toString()
    .split("\0")
    .slice(0, -1)
    .sort();

const TREE = [
  "a.md",
  "b.txt",
  "docs/c.md",
  "docs/deep/d.md",
  "docs/deep/ü 日本.md",
  "docs/a\nb.md",
  ".dot/e.md",
  "node_modules/x/f.md",
  "z.md/g.md",
];

describe("a search", () => {
  it("finds the paths that find finds, in full", async () => {
    await fill(TREE);
    await symlink("docs", join(dir, "link.md"));
    const client = await connect(definition, { argv: [dir] });
    expect((await page(client, { pattern: "**/*.md" })).paths.sort()).toEqual(find("-name", "*.md"));
    expect((await page(client, { pattern: "*.md" })).paths.sort()).toEqual(find("-maxdepth", "1", "-name", "*.md"));
    expect((await page(client, { pattern: "**/*.md", type: "file" })).paths.sort()).toEqual(
      find("-name", "*.md", "-type", "f"),
    );
    expect((await page(client, { pattern: "**", type: "directory" })).paths.sort()).toEqual(find("-type", "d"));
    expect((await page(client, { pattern: "**", type: "link" })).paths).toEqual([join(dir, "link.md")]);
    expect((await page(client, { pattern: "**/{c,d}.md", path: "docs" })).paths.sort()).toEqual(
      find("-name", "[cd].md"),
    );
    expect(textOf(await client.callTool("search_files", { path: dir, pattern: "*.none" }))).toBe("No matches found");
  });

  it("leaves out what it is told to and what the policy hides", async () => {
    await fill([...TREE, ".env", "docs/.env", "ignored.md", ".gitignore", "docs/kept.md"]);
    await writeFile(join(dir, ".gitignore"), "ignored.md\n/docs/deep/\n");
    const client = await connect(definition, { argv: [dir] });
    const plain = await page(client, { pattern: "**/*.md", excludePatterns: ["node_modules", "deep", "z.md/**"] });
    expect(plain.paths.sort()).toEqual(
      find(
        "-name",
        "*.md",
        "-not",
        "-path",
        "*/node_modules/*",
        "-not",
        "-path",
        "*/deep/*",
        "-not",
        "-path",
        "*/z.md/*",
      ),
    );
    const tracked = await page(client, { pattern: "**/*.md", respect_gitignore: true });
    expect(tracked.paths).not.toContain(join(dir, "ignored.md"));
    expect(tracked.paths).not.toContain(join(dir, "docs/deep/d.md"));
    expect(tracked.paths).toContain(join(dir, "docs/kept.md"));
    expect((await page(client, { pattern: "**/.env" })).paths).toEqual([]);
    expect((await page(client, { pattern: "**" })).note).toBe("2 entries are hidden by the secrets policy.");
  });

  it("gives the same on pages of every size", async () => {
    await fill(TREE);
    const client = await connect(definition, { argv: [dir] });
    const whole = await page(client, { pattern: "**" });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 20 }), async (limit) => {
        const pages = [await page(client, { pattern: "**", limit })];
        for (let cursor = pages[0]?.cursor; cursor; cursor = pages.at(-1)?.cursor) {
          pages.push(await page(client, { pattern: "**", limit, cursor }));
        }
        expect(pages.flatMap(({ paths }) => paths)).toEqual(whole.paths);
      }),
      { numRuns: 20 },
    );
  });

  it("is cut where --max-output wants it and goes on from there", async () => {
    await fill(Array.from({ length: 200 }, (_, index) => `file-${index}.txt`));
    const client = await connect(definition, { argv: [dir, "--max-output=4k"] });
    const paths: string[] = [];
    for (let cursor: string | undefined, first = true; first || cursor; first = false) {
      const next = await page(client, { pattern: "*", ...(cursor && { cursor }) });
      expect(next.paths.length).toBeLessThan(100);
      paths.push(...next.paths);
      cursor = next.cursor;
    }
    expect(paths.sort()).toEqual(find());
  });

  it("stays inside", async () => {
    const outside = await tempDir();
    await writeFile(join(outside, "o.md"), "");
    await fill(["a.md"]);
    await symlink(outside, join(dir, "out"));
    const client = await connect(definition, { argv: [dir] });
    expect((await page(client, { pattern: "**/*.md" })).paths).toEqual([join(dir, "a.md")]);
    for (const path of [outside, "out", ".."]) {
      expect(errorOf(await client.callTool("search_files", { path, pattern: "**" }))).toMatchObject({
        code: "OUTSIDE_ROOT",
      });
    }
    expect(errorOf(await client.callTool("search_files", { path: dir, pattern: "{a,b}".repeat(10) }))).toMatchObject({
      code: "INVALID_ARGUMENT",
    });
  });
});
