import { readdir } from "node:fs/promises";
import { connect, errorOf, tempDir } from "@mcp-reference/testing";
import { expect, it } from "vitest";
import definition from "../src/index.js";

// as what it is: done (shortened text, or UNKNOWN), not as an error that reads like "nothing happened".
it("does not report a change that was made as TOO_LARGE", async () => {
  const dir = await tempDir();
  const client = await connect(definition, { argv: [dir, "--max-output", "1024"] });
  const patch = Array.from(
    { length: 40 },
    (_, n) => `--- /dev/null\n+++ b/pp/file-number-${n}\n@@ -0,0 +1 @@\n+x\n`,
  ).join("");
  const result = await client.callTool("apply_patch", { patch });
  expect(await readdir(dir)).toEqual(["pp"]);
  expect(errorOf(result)).toMatchObject({ code: "UNKNOWN", message: expect.stringContaining("was carried out") });
});
