import { execFileSync } from "node:child_process";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { connect, errorOf, tempDir, textOf } from "@mcp-reference/testing";
import { beforeEach, expect, it } from "vitest";
import definition from "../index.js";

let dir: string;
beforeEach(async () => {
  dir = await tempDir();
  await writeFile(join(dir, "small.txt"), "x".repeat(10));
  await writeFile(join(dir, "large.bin"), Buffer.alloc(3 * 1024 * 1024));
  await writeFile(join(dir, "kilo.txt"), "x".repeat(1536));
  await writeFile(join(dir, ".env"), "KEY=1");
  await mkdir(join(dir, "sub"));
  await symlink("large.bin", join(dir, "link"));
});

it("gives sizes and totals of the whole", async () => {
  const client = await connect(definition, { argv: [dir] });
  const text = textOf(await client.callTool("list_directory_with_sizes", { path: dir }));
  expect(text.split("\n")).toEqual([
    "[FILE] kilo.txt  1.50 KB",
    "[FILE] large.bin  3.00 MB",
    "[LINK] link -> large.bin  -",
    "[FILE] small.txt  10 B",
    "[DIR] sub  -",
    "",
    "Total: 3 files, 1 directories",
    "Combined size: 3.00 MB",
    "1 entry is hidden by the secrets policy.",
  ]);
});

it("puts the largest first, and totals on the first page only", async () => {
  const client = await connect(definition, { argv: [dir] });
  const first = textOf(await client.callTool("list_directory_with_sizes", { path: dir, sortBy: "size", limit: 2 }));
  expect(first).toMatch(/^\[FILE\] large\.bin .*\n\[FILE\] kilo\.txt .*\n\nTotal: 3 files/);
  const cursor = /cursor "([^"]+)"/.exec(first)?.[1];
  const second = textOf(
    await client.callTool("list_directory_with_sizes", { path: dir, sortBy: "size", limit: 10, cursor }),
  );
  expect(second).toMatch(
    /^\[FILE\] small\.txt {2}10 B\n\[LINK\] link -> large\.bin {2}-\n\[DIR\] sub {2}-\nEntries 3–5 of 5\./,
  );
});

it("adds up to what du and find say", async () => {
  for (let index = 0; index < 50; index++) await writeFile(join(dir, `f${index}`), "y".repeat(index * 37));
  const client = await connect(definition, { argv: [dir, "--allow-secret", ".env"] });
  const sizes = execFileSync("find", [dir, "-maxdepth", "1", "-type", "f", "-printf", "%s\\n"])
    .toString()
    .trim()
    .split("\n")
    .map(Number);
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  const text = textOf(await client.callTool("list_directory_with_sizes", { path: dir }));
  expect(text).toContain(
    `Total: ${sizes.length} files, 1 directories\nCombined size: ${(bytes / 1024 / 1024).toFixed(2)} MB`,
  );
});

it("stops when it is cancelled", async () => {
  const client = await connect(definition, { argv: [dir] });
  const controller = new AbortController();
  const call = client.callTool("list_directory_with_sizes", { path: dir }, { signal: controller.signal });
  controller.abort();
  await expect(call).rejects.toThrow();
  expect(errorOf(await client.callTool("list_directory_with_sizes", { path: dir }))).toBeUndefined();
});
