import { readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { openSandbox } from "@mcp-reference/security";
import { connect, errorOf, missingLeaves, tempDir, textOf } from "@mcp-reference/testing";
import { expect, it } from "vitest";
import definition from "../index.js";
import { lockForCommit } from "../write/commit-lock.js";

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

it("changes nothing when its deadline comes while it waits for its last step", async () => {
  const dir = await tempDir();
  await writeFile(path.join(dir, "a.txt"), "one\ntwo\n");
  await writeFile(path.join(dir, "b.txt"), "gone\n");
  const sandbox = await openSandbox({ roots: [{ path: dir }] });
  const place = await sandbox.place("b.txt");
  const release = await lockForCommit(place);
  const client = await connect(definition, { argv: [dir, "--timeout", "0.2"] });
  const patch = `${PATCH}--- a/b.txt\n+++ /dev/null\n@@ -1 +0,0 @@\n-gone\n`;
  expect(errorOf(await client.callTool("apply_patch", { patch }))?.code).toBe("TIMEOUT");
  await release();
  // Takes its turn behind the patch.
  for (const name of ["a.txt", "b.txt"])
    await client.callTool("write_file", { path: name, content: "+", mode: "append" });
  expect(await readFile(path.join(dir, "a.txt"), "utf8")).toBe("one\ntwo\n+");
  expect(await readFile(path.join(dir, "b.txt"), "utf8")).toBe("gone\n+");
  expect((await readdir(dir)).sort()).toEqual(["a.txt", "b.txt"]);
  await place.close();
  await sandbox.close();
});
