import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describeGit, git, gitBytes, tempDir } from "@mcp-reference/testing";
import { expect, test } from "vitest";
import { discover } from "../layout/discover.js";
import { openObjectStore } from "./object-store.js";

describeGit("objects larger than a page of their pack", () => {
  test("are read whole, across pages, also as deltas", async () => {
    const dir = await tempDir();
    git(dir, "init", "-q");
    mkdirSync(join(dir, "a"));
    const noise = Buffer.alloc(400_000);
    for (let i = 0, seed = 1; i < noise.length; i++) {
      seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
      noise[i] = seed >>> 16;
    }
    const contents = [0, 1, 2, 3].map((n) =>
      Buffer.concat([noise.subarray(0, 200_000 * (1 + (n % 2))), Buffer.alloc(50_000 * n, n), noise.subarray(n)]),
    );
    for (const [n, content] of contents.entries()) writeFileSync(join(dir, `a/${n}`), content);
    git(dir, "add", ".");
    git(dir, "commit", "-qm", "large");
    git(dir, "repack", "-adfq");
    const store = openObjectStore(discover(dir, { paths: [dir] }));
    for (const [n, content] of contents.entries()) {
      const oid = git(dir, "rev-parse", `HEAD:a/${n}`);
      expect(store.header(oid)).toEqual({ type: "blob", size: content.length });
      expect(store.blob(oid).equals(content)).toBe(true);
    }
    expect(gitBytes(dir, ["count-objects", "-v"]).toString()).toContain("count: 0");
  });
});
