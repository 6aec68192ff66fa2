import { createHash, randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { deflateSync } from "node:zlib";
import { describeGit, git, gitBytes, tempDir } from "@mcp-reference/testing";
import { ToolError } from "@mcp-reference/validation";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { indexPack } from "./index-pack.js";
import type { ReadablePack } from "./pack-entries.js";
import { packIndexFile } from "./pack-index-file.js";
import { References } from "./references.js";

const inMemory = (bytes: Buffer): ReadablePack => ({
  size: bytes.length,
  read: (offset, length) => bytes.subarray(offset, offset + length),
});

const index = (bytes: Buffer, onObject: Parameters<typeof indexPack>[1]["onObject"] = () => {}) =>
  indexPack(inMemory(bytes), { mostObjectBytes: 1e6, onObject });

/** A repository whose file changes a little in each commit, so that its pack has chains of deltas. */
async function packOf(commits: number, ...options: string[]): Promise<Buffer> {
  const dir = await tempDir();
  git(dir, "init", "-q", "--bare");
  const lines = Array.from({ length: 200 }, (_, line) => `line ${line} of the file that grows`);
  const stream = Array.from({ length: commits }, (_, commit) => {
    lines[(commit * 37) % lines.length] = `changed by ${commit}`;
    const text = lines.join("\n");
    const head = `commit refs/heads/main\ncommitter a <a@b.test> ${1_700_000_000 + commit} +0000\ndata 1\nx\n`;
    return `${head}M 100644 inline dir/file${commit % 3}\ndata ${text.length}\n${text}\n`;
  });
  gitBytes(dir, ["fast-import", "--quiet"], { input: stream.join("") });
  git(dir, "tag", "-a", "-m", "a tag", "v1", "main");
  return gitBytes(dir, ["pack-objects", "--revs", "--stdout", "-q", "--no-reuse-delta", ...options], {
    input: "main\nv1\n",
  });
}

describeGit("the index of a pack", () => {
  test.each([
    ["with bases by offset", ["--delta-base-offset"]],
    ["with bases by id", []],
    ["without deltas", ["--depth=0"]],
  ])("is the one that git makes, %s", async (_title, options) => {
    const pack = await packOf(60, ...options);
    const dir = await tempDir();
    writeFileSync(join(dir, "a.pack"), pack);
    git(dir, "index-pack", "a.pack");
    const seen = new Set<string>();
    const objects = await index(pack, (_type, _content, oid) => seen.add(oid));
    expect(Buffer.concat(await packIndexFile(objects, pack.subarray(-20)))).toEqual(readFileSync(join(dir, "a.idx")));
    expect(seen.size).toBe(objects.count);
  });

  test("finds what objects need and nobody has", async () => {
    const pack = await packOf(5);
    const all = new References([]);
    const known = new Set<string>();
    let lastBlob = "";
    await index(pack, (type, content, oid) => {
      all.collect(type, content, oid);
      known.add(oid);
      if (type === "blob") lastBlob = oid;
    });
    expect(all.missing((id) => known.has(id.toString("hex")))).toBeUndefined();
    known.delete(lastBlob);
    expect(all.missing((id) => known.has(id.toString("hex")))).toBe(lastBlob);
  });

  test("is never made of a damaged pack without a word", async () => {
    const pack = await packOf(20, "--delta-base-offset");
    const damage = fc.array(fc.tuple(fc.nat(pack.length - 1), fc.integer({ min: 1, max: 255 })), {
      minLength: 1,
      maxLength: 4,
    });
    await fc.assert(
      fc.asyncProperty(damage, fc.nat(pack.length), async (flips, length) => {
        const bytes = Buffer.from(pack);
        for (const [at, by] of flips) bytes[at] = (bytes[at] ?? 0) ^ by;
        const cut = bytes.subarray(0, length % 3 === 0 ? length : bytes.length);
        try {
          await index(cut);
        } catch (error) {
          expect(error).toBeInstanceOf(ToolError);
        }
      }),
      { numRuns: 300 },
    );
  });
});

/** A pack of entries given as type, what comes between header and data, and content. */
function handMade(...entries: [type: number, between: readonly number[], content: Buffer, claimed?: number][]): Buffer {
  const head = Buffer.from("PACK\0\0\0\x02\0\0\0\0", "latin1");
  head.writeUInt32BE(entries.length, 8);
  const bodies = entries.map(([type, between, content, claimed = content.length]) => {
    const bytes = [(type << 4) | (claimed & 15)];
    for (let rest = Math.floor(claimed / 16); rest > 0; rest = Math.floor(rest / 128)) {
      bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) | 0x80;
      bytes.push(rest & 0x7f);
    }
    return Buffer.concat([Buffer.from(bytes), Buffer.from(between), deflateSync(content)]);
  });
  const body = Buffer.concat([head, ...bodies]);
  return Buffer.concat([body, createHash("sha1").update(body).digest()]);
}

describe("a hostile pack", () => {
  const blob = Buffer.from("content of a blob");
  const upstream = expect.objectContaining({ code: "UPSTREAM" });

  test("that is well made goes through", async () => {
    expect((await index(handMade([3, [], blob], [1, [], blob]))).count).toBe(2);
  });

  test("with large objects goes through, whether they can be compressed or not", async () => {
    const pack = handMade([3, [], randomBytes(3_000_000)], [3, [], Buffer.alloc(3_000_000)], [3, [], blob]);
    const { count } = await indexPack(inMemory(pack), { mostObjectBytes: 3_000_000, onObject: () => {} });
    expect(count).toBe(3);
  });

  test.each<[string, Buffer]>([
    ["nothing", Buffer.alloc(0)],
    ["another version", Buffer.from(handMade([3, [], blob])).fill(3, 7, 8)],
    ["more objects than bytes", Buffer.from(handMade([3, [], blob])).fill(255, 8, 12)],
    ["fewer objects than there are", Buffer.from(handMade([3, [], blob], [3, [], blob])).fill(1, 11, 12)],
    ["an unknown type", handMade([5, [], blob])],
    ["a smaller size than there is", handMade([3, [], blob, 3])],
    ["a larger size than there is", handMade([3, [], blob, 30])],
    ["a delta on itself", handMade([6, [0], blob])],
    ["a delta on what is before the pack", handMade([3, [], blob], [6, [127], blob])],
    ["a delta between objects", handMade([3, [], blob], [6, [1], blob])],
    ["a delta on an object that is not there", handMade([7, Array(20).fill(7), blob])],
    ["a distance without end", handMade([6, Array(40).fill(255), blob])],
    ["a delta that does not fit", handMade([3, [], blob], [6, [blob.length + 9], Buffer.from([1, 1, 1, 1])])],
  ])("with %s is refused", async (_what, bytes) => {
    await expect(index(bytes)).rejects.toThrow(upstream);
  });

  test("with an object over the limit is refused before it is inflated", async () => {
    await expect(index(handMade([3, [], blob, 2_000_000]))).rejects.toThrow(
      expect.objectContaining({ code: "TOO_LARGE" }),
    );
  });

  test("whose trees cannot be read is refused", () => {
    const references = new References([]);
    for (const tree of [
      "100644 a",
      "100644 a\0short",
      "no space",
      `100644 a/b\0${"x".repeat(20)}`,
      `100644 \0${"x".repeat(20)}`,
    ]) {
      expect(() => references.collect("tree", Buffer.from(tree), "")).toThrow(upstream);
    }
    // An id may have that byte.
    references.collect("tree", Buffer.from(`100644 a\0${"/".repeat(20)}100644 b\0${"/".repeat(20)}`), "");
    expect(() => references.collect("commit", Buffer.from("parent x\n\n"), "")).toThrow(upstream);
    expect(() => references.collect("tag", Buffer.from(""), "")).toThrow(upstream);
  });
});
