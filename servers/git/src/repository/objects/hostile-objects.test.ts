import { createHash } from "node:crypto";
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { deflateSync } from "node:zlib";
import { describeGit, git, gitBytes, tempDir } from "@mcp-reference/testing";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { discover } from "../layout/discover.js";
import { applyDelta } from "./apply-delta.js";
import { openObjectStore } from "./object-store.js";
import type { ObjectStore } from "./types.js";

const refusal = (code: string) => expect.objectContaining({ code });
const OID = "a".repeat(40);

async function repository(): Promise<{ dir: string; packs: string }> {
  const dir = await tempDir();
  git(dir, "init", "-q");
  return { dir, packs: join(dir, ".git/objects/pack") };
}

const storeOf = (dir: string): ObjectStore => openObjectStore(discover(dir, { paths: [dir] }));
const sha1 = (bytes: Uint8Array): Buffer => createHash("sha1").update(bytes).digest();

/** Size with the type's bits in the first byte. */
function entryHeader(type: number, size: number): Buffer {
  const bytes = [(type << 4) | (size & 15)];
  for (let rest = Math.floor(size / 16); rest > 0; rest = Math.floor(rest / 128)) {
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) | 0x80;
    bytes.push(rest & 0x7f);
  }
  return Buffer.from(bytes);
}

/** A pack and an index that says where in it the objects are, whatever they are. */
function writePack(
  packs: string,
  entries: readonly { oid: string; bytes: Buffer }[],
  offsets?: readonly number[],
): void {
  const header = Buffer.from("PACK\0\0\0\x02\0\0\0\0", "latin1");
  header.writeUInt32BE(entries.length, 8);
  const data = Buffer.concat([header, ...entries.map(({ bytes }) => bytes)]);
  const hash = sha1(data);
  let at = 12;
  const rows = entries.map(({ oid, bytes }, i) => {
    const offset = offsets?.[i] ?? at;
    at += bytes.length;
    return { oid, offset };
  });
  rows.sort((a, b) => (a.oid < b.oid ? -1 : 1));
  const index = Buffer.alloc(8 + 1024 + rows.length * 28);
  index.write("\xfftOc\0\0\0\x02", "latin1");
  for (let i = 0; i < 256; i++) {
    index.writeUInt32BE(rows.filter(({ oid }) => Number.parseInt(oid.slice(0, 2), 16) <= i).length, 8 + i * 4);
  }
  rows.forEach(({ oid, offset }, i) => {
    index.write(oid, 1032 + i * 20, "hex");
    index.writeUInt32BE(offset, 1032 + rows.length * 24 + i * 4);
  });
  const whole = Buffer.concat([index, hash]);
  writeFileSync(join(packs, "pack-1.pack"), Buffer.concat([data, hash]));
  writeFileSync(join(packs, "pack-1.idx"), Buffer.concat([whole, sha1(whole)]));
}

const refDelta = (base: string, delta: Buffer): Buffer =>
  Buffer.concat([entryHeader(7, delta.length), Buffer.from(base, "hex"), deflateSync(delta)]);

describeGit("hostile packs", () => {
  test("deltas that go round in circles, or have no base", async () => {
    const { dir, packs } = await repository();
    const [a, b, c] = ["a", "b", "c"].map((digit) => digit.repeat(40)) as [string, string, string];
    const copy = Buffer.from([1, 1, 0x90, 1]);
    writePack(packs, [
      { oid: a, bytes: refDelta(b, copy) },
      { oid: b, bytes: refDelta(a, copy) },
      { oid: c, bytes: refDelta("d".repeat(40), copy) },
    ]);
    const store = storeOf(dir);
    for (const oid of [a, b, c]) {
      expect(() => store.read(oid)).toThrow(refusal("UPSTREAM"));
      expect(() => store.header(oid)).toThrow(refusal("UPSTREAM"));
    }
  });

  test("sizes and offsets that are not true", async () => {
    const { dir, packs } = await repository();
    const good = (size: number) => Buffer.concat([entryHeader(3, size), deflateSync(Buffer.alloc(100))]);
    const names = ["1", "2", "3", "4", "5", "6"].map((digit) => digit.repeat(40));
    writePack(
      packs,
      names.map((oid, i) => ({ oid, bytes: good([99, 101, 2 ** 36, 0, 100, 100][i] ?? 0) })),
      [12, 13, 14, 15, 2 ** 31 - 1, 0],
    );
    const store = storeOf(dir);
    for (const oid of names) {
      try {
        store.read(oid);
      } catch (error) {
        expect(["UPSTREAM", "TOO_LARGE"]).toContain((error as { code: string }).code);
      }
    }
    for (const oid of names.slice(4)) expect(() => store.read(oid)).toThrow(refusal("UPSTREAM"));
  });

  test("an object that would fill the memory", async () => {
    const { dir, packs } = await repository();
    const [a, b, c] = ["a", "b", "c"].map((digit) => digit.repeat(40)) as [string, string, string];
    const bomb = Buffer.from([100, ...[0x80, 0x80, 0x80, 0x80, 0x7f], ...Array.from({ length: 50 }, () => 0x80)]);
    writePack(packs, [
      { oid: a, bytes: Buffer.concat([entryHeader(3, 2 ** 40), deflateSync(Buffer.alloc(1000))]) },
      { oid: b, bytes: Buffer.concat([entryHeader(3, 100), deflateSync(Buffer.alloc(100))]) },
      { oid: c, bytes: refDelta(b, bomb) },
    ]);
    const store = storeOf(dir);
    expect(() => store.read(a)).toThrow(refusal("TOO_LARGE"));
    expect(() => store.read(c)).toThrow(refusal("TOO_LARGE"));
    expect(store.header(a).size).toBe(2 ** 40);
    expect(store.read(b).body).toEqual(Buffer.alloc(100));
  });

  test("packs and indexes with any byte changed or cut off read right or fail well", async () => {
    const { dir, packs } = await repository();
    for (const n of [1, 2, 3]) {
      writeFileSync(join(dir, "file"), `${"line\n".repeat(200)}${n}`);
      git(dir, "add", ".");
      git(dir, "commit", "-qm", `${n}`);
    }
    git(dir, "repack", "-adfq");
    git(dir, "multi-pack-index", "write");
    const oids = gitBytes(dir, ["cat-file", "--batch-all-objects", "--batch-check=%(objectname)"])
      .toString()
      .trim()
      .split("\n");
    const files = readdirSync(packs).map((name) => join(packs, name));
    const whole = new Map(files.map((file) => [file, readFileSync(file)]));
    for (const file of files) chmodSync(file, 0o644);
    const change = fc.record({
      file: fc.constantFrom(...files),
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      value: fc.nat({ max: 255 }),
      cut: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) => {
        for (const [file, bytes] of whole) writeFileSync(file, bytes);
        for (const { file, at, value, cut } of changes) {
          const bytes = Buffer.from(readFileSync(file));
          const position = Math.floor(at * (bytes.length - 1));
          if (cut) truncateSync(file, position);
          else if (bytes.length > 0) {
            bytes[position] = value;
            writeFileSync(file, bytes);
          }
        }
        const store = storeOf(dir);
        for (const oid of oids) {
          for (const read of [() => store.read(oid), () => store.header(oid), () => store.matching(oid.slice(0, 6))]) {
            try {
              read();
            } catch (error) {
              expect(["UPSTREAM", "NOT_FOUND", "TOO_LARGE", "UNSUPPORTED"]).toContain(
                (error as { code?: string }).code,
              );
            }
          }
        }
      }),
      { numRuns: 80 },
    );
  });

  test("a pack directory that leads outside", async () => {
    const { dir, packs } = await repository();
    const outside = await tempDir();
    rmSync(packs, { recursive: true });
    symlinkSync(outside, packs);
    expect(() => storeOf(dir).has(OID)).toThrow(refusal("OUTSIDE_ROOT"));
  });

  test("what a partial clone left out is said to be", async () => {
    const { dir, packs } = await repository();
    writePack(packs, []);
    writeFileSync(join(packs, "pack-1.promisor"), "");
    expect(() => storeOf(dir).read(OID)).toThrow(refusal("UNSUPPORTED"));
  });
});

describeGit("hostile loose objects", () => {
  const whole = Buffer.from("blob 5\0hello");
  const oid = sha1(whole).toString("hex");
  const other = (text: string) => deflateSync(Buffer.from(text, "latin1"));
  test.each([
    ["empty", Buffer.alloc(0)],
    ["not compressed", whole],
    ["cut off", deflateSync(whole).subarray(0, -6)],
    ["of another content", other("blob 5\0hallo")],
    ["too short", other("blob 5\0hell")],
    ["too long", other("blob 5\0hello!")],
    ["of no type", other("blub 5\0hello")],
    ["of no size", other("blob -5\0hello")],
    ["of an octal size", other("blob 05\0hello")],
    ["without end", other("blob 5".padEnd(5000, "0"))],
  ])("one %s is damaged", async (_, bytes) => {
    const { dir } = await repository();
    mkdirSync(join(dir, ".git/objects", oid.slice(0, 2)));
    writeFileSync(join(dir, ".git/objects", oid.slice(0, 2), oid.slice(2)), bytes);
    expect(() => storeOf(dir).read(oid)).toThrow(refusal("UPSTREAM"));
  });

  test("a whole copy elsewhere is read instead", async () => {
    const { dir, packs } = await repository();
    gitBytes(dir, ["hash-object", "-w", "--stdin"], { input: "hello" });
    gitBytes(dir, ["pack-objects", "-q", ".git/objects/pack/pack"], { input: oid });
    for (const pack of readdirSync(packs).filter((name) => name.endsWith(".pack"))) {
      const bytes = readFileSync(join(packs, pack));
      bytes.fill(0xff, 13, 16);
      chmodSync(join(packs, pack), 0o644);
      writeFileSync(join(packs, pack), bytes);
    }
    expect(storeOf(dir).blob(oid).toString()).toBe("hello");
    rmSync(join(dir, ".git/objects", oid.slice(0, 2), oid.slice(2)));
    expect(() => storeOf(dir).blob(oid)).toThrow(refusal("UPSTREAM"));
  });
});

describe("deltas", () => {
  test("of any bytes fit or fail", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), fc.uint8Array({ maxLength: 40 }), (base, delta) => {
        try {
          const bytes = Buffer.from([base.length, ...delta]);
          expect(applyDelta(Buffer.from(base), bytes, 1000).length).toBeLessThanOrEqual(1000);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
