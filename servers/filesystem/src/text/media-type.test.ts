import { writeFile } from "node:fs/promises";
import path from "node:path";
import { openSandbox } from "@mcp-reference/security";
import { tempDir } from "@mcp-reference/testing";
import { expect, it } from "vitest";
import { mediaTypeOf } from "./media-type.js";

it.each([
  ["a.ts", "export const a = 1;\n", "text/x-typescript"],
  ["a.ts", Buffer.concat([Buffer.of(0x47), Buffer.alloc(187), Buffer.of(0x47), Buffer.alloc(187)]), "video/mp2t"],
  ["a.json", "{}", "application/json"],
  ["a.svg", "<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml"],
  ["a.md", "# A\n", "text/markdown"],
  ["a.png", "not a picture", "text/plain"],
  ["noname", "", "text/plain"],
  ["noname", "\0", "application/octet-stream"],
  ["a.txt", Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 73, 72, 68, 82]), "image/png"],
  ["a.txt", `\uFEFF${"é".repeat(5000)}`, "text/plain"],
  ["a.txt", `x${"é".repeat(5000)}`, "text/plain"],
  [
    "a.docx",
    Buffer.from("PK\x03\x04\0\0\0\0", "latin1"),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
  ],
])("tells %s by its content first", async (name, content, type) => {
  const dir = await tempDir();
  await writeFile(path.join(dir, name), content);
  const sandbox = await openSandbox({ roots: [{ path: dir }] });
  const file = await sandbox.openFile(name);
  expect(await mediaTypeOf(file)).toBe(type);
  await file.close();
  await sandbox.close();
});
