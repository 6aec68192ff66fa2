import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { constants, deflateRawSync, deflateSync } from "node:zlib";

type Type = "blob" | "tree" | "commit" | "tag";

/** Puts an object into a repository without git, which would take its time. @returns its id */
export function putObject(repo: string, type: Type, body: Buffer | string): string {
  const whole = Buffer.concat([Buffer.from(`${type} ${Buffer.byteLength(body)}\0`), Buffer.from(body)]);
  return putRaw(repo, createHash("sha1").update(whole).digest("hex"), deflateSync(whole, { level: 1 }));
}

function putRaw(repo: string, oid: string, file: Buffer): string {
  const directory = join(repo, ".git/objects", oid.slice(0, 2));
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, oid.slice(2)), file);
  return oid;
}

export type Entry = readonly [mode: string, name: string, oid: string];

export const treeBody = (entries: readonly Entry[]): Buffer =>
  Buffer.concat(entries.flatMap(([mode, name, oid]) => [Buffer.from(`${mode} ${name}\0`), Buffer.from(oid, "hex")]));

export const putCommit = (repo: string, tree: string, parents: readonly string[] = [], message = "bomb\n"): string =>
  putObject(
    repo,
    "commit",
    `tree ${tree}\n${parents.map((parent) => `parent ${parent}\n`).join("")}author A <a@b.test> 1700000000 +0000\ncommitter A <a@b.test> 1700000000 +0000\n\n${message}`,
  );

const BLOCK = 1 << 20;

/** A blob of so many mebibytes of zeros that takes a kilobyte each. @param claimed the size that its header tells */
export function putZeros(repo: string, mebibytes: number, claimed = mebibytes * BLOCK): string {
  const header = Buffer.from(`blob ${claimed}\0`);
  const flush = { finishFlush: constants.Z_FULL_FLUSH };
  const zeros = deflateRawSync(Buffer.alloc(BLOCK), flush);
  const hash = createHash("sha1").update(header);
  for (let n = 0; n < mebibytes; n++) hash.update(ZEROS);
  // Adler-32: zeros leave its first half as it is, and add that to the second.
  let [first, second] = [1, 0];
  for (const byte of header) {
    first = (first + byte) % 65521;
    second = (second + first) % 65521;
  }
  const end = Buffer.alloc(4);
  end.writeUInt16BE(Number((BigInt(second) + BigInt(first) * BigInt(mebibytes * BLOCK)) % 65521n), 0);
  end.writeUInt16BE(first, 2);
  const parts = [Buffer.from([0x78, 0x01]), deflateRawSync(header, flush), ...new Array(mebibytes).fill(zeros)];
  return putRaw(repo, hash.digest("hex"), Buffer.concat([...parts, deflateRawSync(Buffer.alloc(0)), end]));
}

const ZEROS = Buffer.alloc(BLOCK);

/** Ten entries each, so that ten levels are ten thousand million files in eleven objects. @returns the tree */
export function putTreeOfTrees(repo: string, levels: number, leaf: Entry): string {
  let tree = putObject(repo, "tree", treeBody([leaf]));
  for (let level = 0; level < levels; level++) {
    tree = putObject(repo, "tree", treeBody([..."0123456789"].map((name): Entry => ["40000", name, tree])));
  }
  return tree;
}

/** A tree of many files, all with the same content. */
export function putWideTree(repo: string, files: number, blob: string): string {
  const name = Buffer.from("100644 f0000000\0");
  const entry = Buffer.concat([name, Buffer.from(blob, "hex")]);
  const body = Buffer.alloc(entry.length * files);
  for (let n = 0; n < files; n++) {
    entry.write(String(n).padStart(7, "0"), name.length - 8, "latin1");
    entry.copy(body, n * entry.length);
  }
  return putObject(repo, "tree", body);
}
