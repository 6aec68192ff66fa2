import { execFileSync } from "node:child_process";
import { mkdir, readFile, symlink, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { connect, errorOf, tempDir, textOf } from "@mcp-reference/testing";
import fc from "fast-check";
import { beforeEach, describe, expect, it, vi } from "vitest";
import definition from "../index.js";

type Client = Awaited<ReturnType<typeof connect>>;

let dir: string;
beforeEach(async () => {
  dir = await tempDir();
});

async function fill(files: Record<string, string | Buffer>) {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(join(dir, path, ".."), { recursive: true });
    await writeFile(join(dir, path), content);
  }
}

async function page(client: Client, args: Record<string, unknown>) {
  const result = await client.callTool("search_text", { path: dir, ...args });
  expect(errorOf(result)).toBeUndefined();
  const [body = "", note = ""] = result.content.map((block) => (block.type === "text" ? block.text : ""));
  return { body, note, matches: matchesIn(body), cursor: /cursor "([^"]+)"/.exec(note)?.[1] };
}

/** The grouped text as grep writes it, `path:line:text`. */
function matchesIn(body: string): string[] {
  if (body === "No matches found") return [];
  let file = "";
  return body.split("\n\n").flatMap((group) => {
    const [heading = "", ...lines] = group.split("\n");
    file = heading.startsWith('"') ? JSON.parse(heading) : heading;
    return lines.filter((line) => /^\d+:/.test(line)).map((line) => `${file}:${line}`);
  });
}

/** Null-terminated names, so that any can be told from the line number. */
function grep(...args: string[]): string[] {
  const output = execFileSync("grep", ["-rnIZ", ...args, dir], {
    env: { PATH: process.env["PATH"], LC_ALL: "C.UTF-8" },
  }).toString();
  return [...output.matchAll(/([^\0]*)\0(\d+:[^\n]*)\n/g)].map(([, file, line]) => `${file}:${line}`).sort();
}

const FILES = {
  "a.ts": "const needle = 1;\nconst other = 2;\n// Needle again\n",
  "b.txt": "no match\r\nneedle with CRLF\r\n",
  "deep/er/c.ts": "one\ntwo\nneedle\nfour\nfive\nsix\nneedle needle\n",
  "ü ö/日本.md": "a needle — ünïcode\n",
  "new\nline.ts": "needle\n",
  "a.*+?.ts": "a.*b needle\naxxb\n",
  "last-line.txt": "x\nneedle without newline",
};

describe("a search", () => {
  it("finds the lines that grep finds", async () => {
    await fill(FILES);
    const client = await connect(definition, { argv: [dir] });
    const withoutReturns = (lines: string[]) => lines.map((line) => line.replace(/\r$/, ""));
    expect((await page(client, { pattern: "needle" })).matches.sort()).toEqual(withoutReturns(grep("-F", "needle")));
    expect((await page(client, { pattern: "NEEDLE", ignore_case: true })).matches.sort()).toEqual(
      withoutReturns(grep("-Fi", "needle")),
    );
    expect((await page(client, { pattern: "a.*b" })).matches.sort()).toEqual(grep("-F", "a.*b"));
    expect((await page(client, { pattern: "a.*b", regex: true })).matches.sort()).toEqual(grep("-E", "a.*b"));
    expect((await page(client, { pattern: "^(const|needle)\\b", regex: true })).matches.sort()).toEqual(
      withoutReturns(grep("-E", "^(const|needle)\\b")),
    );
    expect((await page(client, { pattern: "needle", glob: "*.ts" })).matches.sort()).toEqual(
      grep("-F", "--include=*.ts", "needle"),
    );
    expect((await page(client, { pattern: "needle", path: join(dir, "a.ts") })).matches).toEqual([
      `${join(dir, "a.ts")}:1:const needle = 1;`,
    ]);
    expect(textOf(await client.callTool("search_text", { path: dir, pattern: "nowhere" }))).toBe("No matches found");
  });

  it("shows context, once where matches share it", async () => {
    await fill({ "c.ts": FILES["deep/er/c.ts"] });
    const client = await connect(definition, { argv: [dir] });
    const file = join(dir, "c.ts");
    expect((await page(client, { pattern: "needle", context: 1 })).body).toBe(
      `${file}\n2-two\n3:needle\n4-four\n--\n6-six\n7:needle needle`,
    );
    expect((await page(client, { pattern: "needle", context: 2 })).body).toBe(
      `${file}\n1-one\n2-two\n3:needle\n4-four\n5-five\n6-six\n7:needle needle`,
    );
  });

  it("gives the same on pages of every size", async () => {
    await fill(FILES);
    const client = await connect(definition, { argv: [dir] });
    const whole = await page(client, { pattern: "e", limit: 1000 });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 20 }), fc.nat(3), async (limit, context) => {
        const pages = [await page(client, { pattern: "e", limit, context })];
        for (let cursor = pages[0]?.cursor; cursor; cursor = pages.at(-1)?.cursor) {
          pages.push(await page(client, { pattern: "e", limit, context, cursor }));
        }
        expect(pages.flatMap(({ matches }) => matches)).toEqual(whole.matches);
      }),
      { numRuns: 30 },
    );
  });

  it("is cut between matches where --max-output wants it, and goes on from there", async () => {
    const lines = Array.from({ length: 400 }, (_, index) => `needle ${index}`);
    await fill({ "a.txt": lines.join("\n"), "b.txt": lines.join("\n") });
    const client = await connect(definition, { argv: [dir, "--max-output=4k"] });
    const found: string[] = [];
    for (let cursor: string | undefined, first = true; first || cursor; first = false) {
      const next = await page(client, { pattern: "needle", limit: 1000, context: 1, ...(cursor && { cursor }) });
      expect(next.note).toContain(next.cursor ? `${next.matches.length} matching lines` : "");
      found.push(...next.matches);
      cursor = next.cursor;
    }
    expect(found.sort()).toEqual(grep("-F", "needle"));
  });

  it("says what it did not search", async () => {
    await fill({ "a.txt": "needle", ".env": "needle", "b.bin": Buffer.from("needle\0"), "huge.txt": "needle" });
    await truncate(join(dir, "huge.txt"), 40 * 1024 * 1024);
    execFileSync("mkfifo", [join(dir, "fifo")]);
    const outside = await tempDir();
    await writeFile(join(outside, "o.txt"), "needle");
    await symlink(outside, join(dir, "out"));
    await symlink(join(outside, "o.txt"), join(dir, "out.txt"));
    const client = await connect(definition, { argv: [dir] });
    const { matches, note } = await page(client, { pattern: "needle" });
    expect(matches).toEqual([`${join(dir, "a.txt")}:1:needle`]);
    expect(note).toBe("Not searched: 1 binary, 1 larger than 32 MB. 1 entry is hidden by the secrets policy.");
  });

  it("clips long lines around the match", async () => {
    await fill({ "min.js": `${"x".repeat(100_000)}needle${"y".repeat(100_000)}` });
    const client = await connect(definition, { argv: [dir] });
    const { body } = await page(client, { pattern: "needle" });
    expect(body).toContain("needle");
    expect(body.length).toBeLessThan(1000);
  });

  it("respects .gitignore when asked to", async () => {
    await fill({ "a.txt": "needle", "dist/b.txt": "needle", ".gitignore": "dist\n" });
    const client = await connect(definition, { argv: [dir] });
    expect((await page(client, { pattern: "needle" })).matches).toHaveLength(2);
    expect((await page(client, { pattern: "needle", respect_gitignore: true })).matches).toEqual([
      `${join(dir, "a.txt")}:1:needle`,
    ]);
  });

  it("refuses what it cannot do", async () => {
    await fill({ ".env": "needle" });
    const client = await connect(definition, { argv: [dir] });
    const cases: [args: Record<string, unknown>, code: string][] = [
      [{ path: "/etc", pattern: "x" }, "OUTSIDE_ROOT"],
      [{ path: ".env", pattern: "x" }, "PERMISSION_DENIED"],
      [{ path: "none", pattern: "x" }, "NOT_FOUND"],
      [{ pattern: "(", regex: true }, "INVALID_ARGUMENT"],
      [{ pattern: "(a)\\1", regex: true }, "INVALID_ARGUMENT"],
      [{ pattern: "" }, "INVALID_ARGUMENT"],
    ];
    for (const [args, code] of cases) {
      expect(errorOf(await client.callTool("search_text", { path: dir, ...args })), JSON.stringify(args)).toMatchObject(
        { code },
      );
    }
  });
});

describe("a search that takes long", () => {
  /** Needs a minute and more: the expression has to be tried at every character. */
  const slow = { glob: "slow.txt", pattern: "[ab]*a[ab]{100}[cd]", regex: true };
  const quick = { glob: "a.txt", pattern: "needle" };

  beforeEach(async () => {
    const noise = Array.from({ length: 200_000 }, () => (Math.random() < 0.5 ? "a" : "b")).join("");
    await fill({ "a.txt": "needle\n", "slow.txt": noise.repeat(100) });
  });

  it("ends at the deadline, and others do not wait for it", async () => {
    const client = await connect(definition, { argv: [dir, "--timeout=2"] });
    const call = client.callTool("search_text", { path: dir, ...slow });
    expect((await page(client, quick)).matches).toHaveLength(1);
    expect(errorOf(await call)).toMatchObject({ code: "TIMEOUT" });
    expect((await page(client, quick)).matches).toHaveLength(1);
  });

  it("ends when it is cancelled", async () => {
    const audit = join(await tempDir(), "audit.log");
    const client = await connect(definition, { argv: [dir, "--audit-log", audit] });
    const controller = new AbortController();
    const call = client.callTool("search_text", { path: dir, ...slow }, { signal: controller.signal });
    await page(client, quick); // the slow one came before it
    controller.abort();
    await expect(call).rejects.toThrow();
    await vi.waitFor(async () => expect(await readFile(audit, "utf8")).toContain('"outcome":"CANCELLED"'), {
      timeout: 5000,
    });
    expect((await page(client, quick)).matches).toHaveLength(1);
  });
});
