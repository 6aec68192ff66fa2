import { readFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { connect, spawnBin, tempDir } from "@mcp-reference/testing";
import { expect, it } from "vitest";

const bin = fileURLToPath(new URL("../dist/cli.js", import.meta.url));

it.each([11, 40])("takes a message of %i MB over stdio", async (megabytes) => {
  const dir = await tempDir();
  const client = await connect({ command: process.execPath, args: [bin, dir] });
  const content = "x".repeat(megabytes * 1_000_000);
  const result = await client.callTool("write_file", { path: "a.txt", content });
  expect(result.isError).toBeFalsy();
  expect((await readFile(path.join(dir, "a.txt"))).length).toBe(content.length);
});

it("ends, and says why, when a message is larger than anything can be", async () => {
  const server = spawnBin(bin, { args: [await tempDir()] });
  await server.initialize();
  server.send("x".repeat(129 * 1024 ** 2));
  expect(await server.exit).toMatchObject({ code: 0 });
  expect(server.stderr).toMatch(/maximum|exceed/i);
});
