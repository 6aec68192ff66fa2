import { execFileSync } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { mkdir, symlink, utimes, writeFile } from "node:fs/promises";
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

/** One page: its lines, and what its note says. */
async function page(client: Client, args: Record<string, unknown>) {
  const result = await client.callTool("list_directory", { path: dir, ...args });
  expect(errorOf(result)).toBeUndefined();
  const [body = "", note = ""] = result.content.map((block) => (block.type === "text" ? block.text : ""));
  return { lines: body === "No entries" ? [] : body.split("\n"), note, cursor: /cursor "([^"]+)"/.exec(note)?.[1] };
}

async function allPages(client: Client, args: Record<string, unknown>) {
  const pages = [await page(client, args)];
  for (let cursor = pages[0]?.cursor; cursor; cursor = pages.at(-1)?.cursor)
    pages.push(await page(client, { ...args, cursor }));
  return pages;
}

/** `[FILE] "a\nb"` → `a\nb` */
function nameIn(line: string): string {
  const shown = line.replace(/^\[\w+\] /, "");
  return shown.startsWith('"') ? JSON.parse(shown) : shown;
}

const byFind = (args: string[]) =>
  execFileSync("find", [dir, "-mindepth", "1", "-maxdepth", "1", ...args, "-printf", "%f\\0"], { maxBuffer: 2 ** 26 })
    .toString()
    .split("\0")
    .slice(0, -1);

describe("a listing", () => {
  it("has what find has, whatever the names are", async () => {
    const client = await connect(definition, { argv: [dir] });
    const names = [
      "a b",
      "ü",
      "日本",
      "-rf",
      "a\nb",
      "a\tb",
      " lead",
      "trail ",
      '"quoted"',
      "[DIR] x",
      "a -> b",
      "\x1b[2J",
      "\u202efdp.exe",
      ".dot",
      "*",
      "%41",
      "\\",
    ];
    for (const [index, name] of names.entries()) {
      if (index % 3 === 0) await mkdir(join(dir, name));
      else await writeFile(join(dir, name), "");
    }
    const { lines, note } = await page(client, {});
    expect(note).toBe("");
    expect(lines.filter((line) => line.startsWith("[FILE] ")).map(nameIn)).toEqual(byFind(["-type", "f"]).sort());
    expect(lines.filter((line) => line.startsWith("[DIR] ")).map(nameIn)).toEqual(byFind(["-type", "d"]).sort());
    expect(lines).toHaveLength(names.length);
  });

  it("is the same on pages of every size and in every order", async () => {
    const client = await connect(definition, { argv: [dir] });
    for (const [index, name] of ["a", "B", "c.txt", "ü", "10", "9", ".h", "a\nb", "Z z"].entries()) {
      await writeFile(join(dir, name), "x".repeat(index % 3));
      await utimes(join(dir, name), 1000 + (index % 4), 1000 + (index % 4));
    }
    await mkdir(join(dir, "sub"));
    await symlink("a", join(dir, "link"));
    const order = fc.constantFrom("name", "size", "modified");
    await fc.assert(
      fc.asyncProperty(
        order,
        fc.integer({ min: 1, max: 12 }),
        fc.boolean(),
        fc.boolean(),
        async (sort, limit, details, hidden) => {
          const whole = await page(client, { sort, details, hidden });
          const pages = await allPages(client, { sort, details, hidden, limit });
          expect(pages.flatMap(({ lines }) => lines)).toEqual(whole.lines);
          expect(pages).toHaveLength(Math.ceil(whole.lines.length / limit));
        },
      ),
      { numRuns: 40 },
    );
  });

  it("is ordered by size or time, the largest and latest first", async () => {
    const client = await connect(definition, { argv: [dir] });
    for (const [index, name] of ["b", "a", "c"].entries()) {
      await writeFile(join(dir, name), "x".repeat(1500 * index));
      await utimes(join(dir, name), 86_400 * index, 86_400 * index);
    }
    const lines = [
      "[FILE] c  2.93 KB  1970-01-03T00:00:00Z",
      "[FILE] a  1.46 KB  1970-01-02T00:00:00Z",
      "[FILE] b  0 B  1970-01-01T00:00:00Z",
    ];
    expect((await page(client, { sort: "size", details: true })).lines).toEqual(lines);
    expect((await page(client, { sort: "modified", details: true })).lines).toEqual(lines);
  });

  it("goes on where it was although entries come and go", async () => {
    const client = await connect(definition, { argv: [dir] });
    for (const name of ["b", "d", "f", "h"]) await writeFile(join(dir, name), "");
    const first = await page(client, { limit: 2 });
    execFileSync("rm", [join(dir, "d")]);
    for (const name of ["a", "c", "g"]) await writeFile(join(dir, name), "");
    const second = await page(client, { limit: 10, cursor: first.cursor });
    expect([...first.lines, ...second.lines].map(nameIn)).toEqual(["b", "d", "f", "g", "h"]);
  });

  it("tells where links lead as long as they stay inside", async () => {
    const client = await connect(definition, { argv: [dir] });
    await mkdir(join(dir, "sub"));
    await writeFile(join(dir, "a.txt"), "");
    await writeFile(join(dir, ".env"), "KEY=1");
    const outside = await tempDir();
    await writeFile(join(outside, "o"), "");
    const targets = { "to-file": "a.txt", "to-dir": join(dir, "sub"), "to-root": ".", chain: "to-dir" };
    for (const [name, target] of Object.entries(targets)) await symlink(target, join(dir, name));
    for (const target of [outside, join(outside, "o"), "nowhere", ".env", "loop"])
      await symlink(target, join(dir, target === "loop" ? "loop" : `out-${target.length}`));
    await symlink(join(dir, `out-${outside.length}`), join(dir, "out-by-chain"));
    const { lines, note } = await page(client, {});
    const links = lines.filter((line) => line.startsWith("[LINK]"));
    expect(links.filter((line) => line.includes("->"))).toEqual([
      "[LINK] chain -> to-dir/",
      `[LINK] to-dir -> ${join(dir, "sub")}/`,
      "[LINK] to-file -> a.txt",
      "[LINK] to-root -> ./",
    ]);
    expect(links).toHaveLength(4 + 6);
    expect(note).toBe("1 entry is hidden by the secrets policy.");
  });

  it("leaves out names with a dot when asked to, and keeps devices and FIFOs apart", async () => {
    const client = await connect(definition, { argv: [dir] });
    await writeFile(join(dir, ".dot"), "");
    execFileSync("mkfifo", [join(dir, "fifo")]);
    expect((await page(client, {})).lines).toEqual(["[FILE] .dot", "[OTHER] fifo"]);
    expect((await page(client, { hidden: false, details: true, sort: "size" })).lines.join()).toMatch(
      /^\[OTHER\] fifo {2}- {2}20/,
    );
  });

  it("says when there is nothing", async () => {
    const client = await connect(definition, { argv: [dir] });
    expect(textOf(await client.callTool("list_directory", { path: dir }))).toBe("No entries");
  });

  it("shows times that no calendar has as unknown", async () => {
    const client = await connect(definition, { argv: [dir] });
    await writeFile(join(dir, "a"), "");
    await utimes(join(dir, "a"), 9e12, 9e12).catch(() => {}); // where the file system takes it
    expect((await page(client, { details: true })).lines).toEqual([
      expect.stringMatching(/^\[FILE\] a {2}0 B {2}(-|\+?\d+-\d\d-\d\dT.*Z)$/),
    ]);
  });
});

describe("a large directory", () => {
  it("comes on pages that add up, cut where --max-output wants it", async () => {
    const count = 100_000;
    for (let index = 0; index < count; index++) closeSync(openSync(join(dir, `file-${index}.txt`), "w"));
    const client = await connect(definition, { argv: [dir] });
    const pages = await allPages(client, { limit: 10_000 });
    const names = pages.flatMap(({ lines }) => lines).map(nameIn);
    expect(names).toEqual(byFind([]).sort());
    expect(pages[0]?.note).toMatch(`Entries 1–${pages[0]?.lines.length} of ${count}.`);
    const bySize = await page(client, { sort: "size", limit: 3 });
    expect(bySize.lines.map(nameIn)).toEqual(names.slice(0, 3));

    const narrow = await connect(definition, { argv: [dir, "--max-output=4k"] });
    const cut = await page(narrow, { limit: 10_000 });
    expect(Buffer.byteLength(cut.lines.join("\n"))).toBeLessThan(4096);
    const next = await page(narrow, { limit: 10_000, cursor: cut.cursor });
    expect([...cut.lines, ...next.lines].map(nameIn)).toEqual(names.slice(0, cut.lines.length + next.lines.length));
  }, 120_000);
});

describe("refusals", () => {
  it("name the reason", async () => {
    const client = await connect(definition, { argv: [dir] });
    await writeFile(join(dir, "a.txt"), "");
    await mkdir(join(dir, ".ssh"));
    execFileSync("mkfifo", [join(dir, "fifo")]);
    await symlink("/etc", join(dir, "out"));
    const codes = {
      "/etc": "OUTSIDE_ROOT",
      out: "OUTSIDE_ROOT",
      "../x": "OUTSIDE_ROOT",
      none: "NOT_FOUND",
      "a.txt": "INVALID_ARGUMENT",
      fifo: "INVALID_ARGUMENT",
      ".ssh": "PERMISSION_DENIED",
    };
    for (const [path, code] of Object.entries(codes)) {
      expect(errorOf(await client.callTool("list_directory", { path })), path).toMatchObject({ code });
    }
  });

  it("keep cursors to the call they are for", async () => {
    const client = await connect(definition, { argv: [dir] });
    for (const name of ["a", "b", "c"]) await writeFile(join(dir, name), "");
    const { cursor } = await page(client, { limit: 1 });
    for (const args of [{ sort: "size" }, { hidden: false }, { path: `${dir}/` }]) {
      expect(errorOf(await client.callTool("list_directory", { path: dir, ...args, cursor }))).toMatchObject({
        code: "INVALID_ARGUMENT",
      });
    }
    expect(errorOf(await client.callTool("list_directory", { path: dir, cursor: "x" }))).toMatchObject({
      code: "INVALID_ARGUMENT",
    });
    expect((await page(client, { limit: 2, cursor })).lines).toHaveLength(2);
  });
});
