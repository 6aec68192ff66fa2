import { readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { connect, errorOf, missingLeaves, tempDir, textOf } from "@mcp-reference/testing";
import { expect, it } from "vitest";
import definition from "../index.js";

const PATCH = `diff --git a/a.txt b/a.txt
--- a/a.txt
+++ b/a.txt
@@ -1,2 +1,2 @@
 one
-two
+2
--- /dev/null
+++ b/new/b.txt
@@ -0,0 +1 @@
+hello
`;

it("applies a patch to several files and tells what became of each", async () => {
  const dir = await tempDir();
  await writeFile(path.join(dir, "a.txt"), "one\ntwo\n");
  const client = await connect(definition, { argv: [dir] });
  const checked = await client.callTool("apply_patch", { patch: PATCH, dryRun: true });
  expect(checked.structuredContent).toMatchObject({ applied: false });
  expect(await readdir(dir)).toEqual(["a.txt"]);

  const result = await client.callTool("apply_patch", { patch: PATCH });
  expect(result.structuredContent).toEqual({
    applied: true,
    files: [
      { change: "modified", path: "a.txt", added: 1, removed: 1, moved: 0 },
      { change: "created", path: "new/b.txt", added: 1, removed: 0, moved: 0 },
    ],
  });
  expect(missingLeaves(result.structuredContent, textOf(result))).toEqual([]);
  expect(await readFile(path.join(dir, "a.txt"), "utf8")).toBe("one\n2\n");
  expect(await readFile(path.join(dir, "new/b.txt"), "utf8")).toBe("hello\n");

  expect(errorOf(await client.callTool("apply_patch", { patch: PATCH }))?.code).toBe("ALREADY_EXISTS");
  const again = PATCH.slice(0, PATCH.indexOf("--- /dev/null"));
  expect(errorOf(await client.callTool("apply_patch", { patch: again }))).toMatchObject({
    code: "CONFLICT",
    message: expect.stringContaining('the file has "2" at line 2, where it wants "two"'),
  });
});
