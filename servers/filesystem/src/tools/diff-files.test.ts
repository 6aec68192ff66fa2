import { truncate, writeFile } from "node:fs/promises";
import path from "node:path";
import { connect, errorOf, tempDir, textOf } from "@mcp-reference/testing";
import { beforeEach, describe, expect, it } from "vitest";
import definition from "../index.js";

let dir: string;
let diff: (more?: object) => ReturnType<Awaited<ReturnType<typeof connect>>["callTool"]>;

beforeEach(async () => {
  dir = await tempDir();
  const client = await connect(definition, { argv: [dir, "--max-output", "16k"] });
  diff = (more = {}) => client.callTool("diff_files", { path: "a.txt", other: "b.txt", ...more });
});

const plant = (a: string | Buffer, b: string | Buffer) =>
  Promise.all([writeFile(path.join(dir, "a.txt"), a), writeFile(path.join(dir, "b.txt"), b)]);

describe("diff_files", () => {
  it("shows the difference with the context asked for", async () => {
    await plant("1\n2\n3\n4\n", "1\n2\nthree\n4");
    expect(textOf(await diff({ context: 0 }))).toBe(
      "--- a.txt\n+++ b.txt\n@@ -3,2 +3,2 @@\n-3\n-4\n+three\n+4\n\\ No newline at end of file\n",
    );
    expect(textOf(await diff())).toContain("\n 1\n 2\n-3\n");
  });

  it("says when there is nothing to show", async () => {
    await plant("same\n", "same\n");
    expect(textOf(await diff())).toBe("The files are the same.");
    await plant("same\n", "\uFEFFsame\n");
    expect(textOf(await diff())).toBe("The files hold the same text in different encodings.");
    await plant(Buffer.alloc(2000), "text\n");
    expect(textOf(await diff())).toBe("The files differ, and one is binary: 1.95 KB and 5 B.");
  });

  it("shows the beginning of a long one, and refuses what is too large to compare", async () => {
    await plant("old\n".repeat(9000), "new\n".repeat(9000));
    const { content } = await diff();
    expect(content).toHaveLength(2);
    expect(textOf(await diff()).length).toBeLessThan(16_384);
    await truncate(path.join(dir, "a.txt"), 3e9);
    expect(errorOf(await diff())?.code).toBe("TOO_LARGE");
    expect(errorOf(await diff({ other: "/etc/passwd" }))?.code).toBe("OUTSIDE_ROOT");
  });
});
