import { writeFile } from "node:fs/promises";
import path from "node:path";
import { connect, tempDir, textOf } from "@mcp-reference/testing";
import { expect, it } from "vitest";
import definition from "../index.js";

it("reads as read_text_file does", async () => {
  const dir = await tempDir();
  await writeFile(path.join(dir, "a.txt"), "1\n2\n3\n");
  const client = await connect(definition, { argv: [dir] });
  const args = [{ path: "a.txt" }, { path: "a.txt", head: 1 }, { path: "a.txt", tail: 1 }, { path: "b.txt" }];
  for (const each of args) {
    expect(textOf(await client.callTool("read_file", each))).toBe(
      textOf(await client.callTool("read_text_file", each)),
    );
  }
});
