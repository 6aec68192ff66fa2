import { existsSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeGit, git, gitBytes, tempDir } from "@mcp-reference/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { discover } from "../layout/discover.js";
import type { ObjectType } from "../object-id.js";
import { formatCommit } from "./format-commit.js";
import { formatTag } from "./format-tag.js";
import { formatTree } from "./format-tree.js";
import { openObjectStore } from "./object-store.js";
import type { ObjectStore } from "./types.js";

const storeOf = (dir: string, ...roots: string[]): ObjectStore =>
  openObjectStore(discover(dir, { paths: [dir, ...roots] }));

interface Listed {
  readonly oid: string;
  readonly type: ObjectType;
  readonly body: Buffer;
}

/** Every object as git has it. */
function objectsOf(dir: string): Listed[] {
  const all = gitBytes(dir, ["cat-file", "--batch-all-objects", "--batch"]);
  const objects: Listed[] = [];
  for (let at = 0; at < all.length; ) {
    const end = all.indexOf(10, at);
    const [oid = "", type, size] = all.toString("latin1", at, end).split(" ");
    const body = all.subarray(end + 1, end + 1 + Number(size));
    objects.push({ oid, type: type as ObjectType, body });
    at = end + 2 + Number(size);
  }
  return objects;
}

function expectSameObjects(dir: string, ...roots: string[]): void {
  const store = storeOf(dir, ...roots);
  const objects = objectsOf(dir);
  expect(objects.length).toBeGreaterThan(0);
  for (const { oid, type, body } of objects) {
    expect(store.header(oid)).toEqual({ type, size: body.length });
    const read = store.read(oid);
    expect(read.type).toBe(type);
    expect(read.body.equals(body)).toBe(true);
    expect(store.header(oid)).toEqual({ type, size: body.length });
  }
  store.close();
}

/** 60 versions of files that grow and change, so that a repack makes long chains of deltas; merges and a tag. */
function history(dir: string): void {
  const random = (seed: number) => ((seed * 1103515245 + 12345) >>> 8).toString(36);
  const text = (version: number) =>
    Array.from({ length: 200 }, (_, i) => `line ${i} ${random(i % 7 === version % 7 ? version : i)}`).join("\n");
  const commit = (n: number) =>
    [
      `commit refs/heads/main\nmark :${n}\ncommitter A U Thor <a@example.com> ${1700000000 + n} +0200`,
      `data 9\nversion ${n % 10}`,
      ...(n > 1 ? [`from :${n - 1}`] : []),
      ...(n > 5 && n % 9 === 0 ? [`merge :${n - 4}`] : []),
      ...[1, 2, 3].map((file) => {
        const body = text(n * file);
        return `M 100644 inline dir${file % 2}/file${file}.txt\ndata ${body.length}\n${body}`;
      }),
      `M 100755 inline tiny${n}\ndata 0\n`,
    ].join("\n");
  const script = `${Array.from({ length: 60 }, (_, i) => commit(i + 1)).join("\n")}\ntag v1\nfrom :60\ntagger T <t@example.com> 1700000000 +0000\ndata 3\none\n`;
  git(dir, "init", "-q");
  gitBytes(dir, ["-c", "fastimport.unpackLimit=0", "fast-import", "--quiet"], { input: script });
  git(dir, "checkout", "-q", "main");
}

describeGit("objects are as git has them", () => {
  let dir: string;
  beforeAll(() => {
    dir = realpathSync(mkdtempSync(join(tmpdir(), "mcp-test-")));
    history(dir);
  });
  afterAll(() => rmSync(dir, { recursive: true }));

  const copy = async (...options: string[]): Promise<string> => {
    const target = join(await tempDir(), "copy");
    git(dir, "clone", "-q", ...options, dir, target);
    return target;
  };

  test("in the pack that fast-import wrote", () => expectSameObjects(dir));

  test("loose, also empty and incompressible ones", async () => {
    const loose = await tempDir();
    git(loose, "init", "-q");
    gitBytes(loose, ["unpack-objects", "-q"], {
      input: gitBytes(dir, ["pack-objects", "--all", "--stdout", "-q"], { input: "" }),
    });
    writeFileSync(join(loose, "noise"), Buffer.from(Array.from({ length: 70_000 }, (_, i) => (i * i * 31) % 251)));
    writeFileSync(join(loose, "zeros"), Buffer.alloc(300_000));
    writeFileSync(join(loose, "empty"), "");
    git(loose, "add", ".");
    expectSameObjects(loose);
  });

  test.each([
    ["deep chains of deltas", ["repack", "-adfq", "--depth=50", "--window=20"]],
    ["an index of version 1", ["-c", "pack.indexVersion=1", "repack", "-adfq"]],
    ["deltas that name their base by id", ["-c", "repack.usedeltabaseoffset=false", "repack", "-adfq"]],
    ["stored, not compressed", ["-c", "pack.compression=0", "-c", "core.compression=0", "repack", "-adFq"]],
  ])("packed with %s", async (_, args) => {
    const packed = await copy("--no-local");
    git(packed, ...args);
    expectSameObjects(packed);
  });

  test("in many packs, with and without a multi-pack-index, and a pack that is in none", async () => {
    const many = await copy("--no-local");
    git(many, "-c", "pack.packSizeLimit=1m", "repack", "-adfq");
    for (const name of ["a", "b", "c"]) {
      writeFileSync(join(many, name), name.repeat(1000));
      git(many, "add", name);
      git(many, "commit", "-qm", name);
      git(many, "repack", "-dq");
    }
    expectSameObjects(many);
    git(many, "multi-pack-index", "write");
    expectSameObjects(many);
    writeFileSync(join(many, "d"), "d");
    git(many, "add", "d");
    git(many, "commit", "-qm", "d");
    git(many, "repack", "-dq");
    expectSameObjects(many);
  });

  test("with 64-bit offsets", async () => {
    const far = await copy("--no-local");
    const pack = join(far, ".git/objects/pack");
    const name = readdirSync(pack).find((file) => file.endsWith(".pack")) ?? "";
    rmSync(join(pack, name.replace(".pack", ".idx")));
    git(far, "index-pack", "--index-version=2,0x100", join(pack, name));
    expectSameObjects(far);
  });

  test("in alternates of alternates, linked worktrees and submodules", async () => {
    const shared = await copy("--shared");
    const twice = join(await tempDir(), "twice");
    git(dir, "clone", "-q", "--shared", shared, twice);
    expectSameObjects(twice, shared, dir);
    const linked = join(await tempDir(), "linked");
    git(shared, "worktree", "add", "-q", linked);
    expectSameObjects(linked, shared, dir);
    git(shared, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", dir, "sub");
    expectSameObjects(join(shared, "sub"), shared, dir);
  });

  const here = join(import.meta.dirname, "../../../../..");
  test.runIf(existsSync(join(here, ".git")))("in this repository", () => {
    const store = storeOf(here);
    const listed = gitBytes(here, ["cat-file", "--batch-check", "--batch-all-objects"]).toString().trim().split("\n");
    for (const line of listed.slice(0, 3000)) {
      const [oid = "", type, size] = line.split(" ");
      const { body } = store.read(oid);
      expect([type, size]).toEqual([store.header(oid).type, `${body.length}`]);
      if (type === "commit") expect(formatCommit(store.commit(oid)).equals(body)).toBe(true);
      if (type === "tree") expect(formatTree(store.tree(oid)).equals(body)).toBe(true);
      if (type === "tag") expect(formatTag(store.tag(oid)).equals(body)).toBe(true);
    }
  });

  test("ids by their beginning", async () => {
    const store = storeOf(dir);
    const ids = objectsOf(dir).map(({ oid }) => oid);
    for (const oid of ids.slice(0, 50)) {
      for (const length of [4, 5, 39, 40]) {
        const prefix = oid.slice(0, length);
        expect(store.matching(prefix)).toEqual(ids.filter((id) => id.startsWith(prefix)).sort());
      }
    }
    expect(store.matching("123")).toEqual([]);
    expect(store.matching("../..")).toEqual([]);
  });
});

describeGit("a store that is kept open", () => {
  async function fresh(): Promise<{ dir: string; store: ObjectStore }> {
    const dir = await tempDir();
    git(dir, "init", "-q");
    return { dir, store: storeOf(dir) };
  }

  test("finds what others write, pack, repack and prune", async () => {
    const { dir, store } = await fresh();
    const oids = ["one", "two", "three"].map((content) => {
      const oid = gitBytes(dir, ["hash-object", "-w", "--stdin"], { input: content }).toString().trim();
      writeFileSync(join(dir, content), content);
      git(dir, "add", content);
      git(dir, "commit", "-qm", content);
      expect(store.blob(oid).toString()).toBe(content);
      git(dir, "repack", "-dq");
      return oid;
    });
    git(dir, "repack", "-adq");
    const again = storeOf(dir);
    for (const oid of oids) expect(store.header(oid)).toEqual(again.header(oid));
    git(dir, "repack", "-adfq", "--depth=1");
    for (const oid of oids) expect(again.read(oid).type).toBe("blob");
    store.close();
    expect(store.has(oids[0] ?? "")).toBe(true);
  });

  test("writes what git reads, once", async () => {
    const { dir, store } = await fresh();
    const blob = store.write("blob", Buffer.from("content"));
    const tree = store.write("tree", formatTree([{ mode: 0o100644, name: "a\xe9", oid: blob }]));
    const who = { name: "A U Thor", email: "a@example.com", seconds: 1, zone: "-0130" };
    const fields = { tree, parents: [], author: who, committer: who, encoding: undefined, headers: [], message: "m\n" };
    const commit = store.write("commit", formatCommit(fields));
    git(dir, "update-ref", "refs/heads/main", commit);
    expect(git(dir, "fsck", "--strict", "--full", "--unreachable")).toBe("");
    git(dir, "repack", "-adq");
    store.refresh();
    git(dir, "prune-packed");
    expect(store.write("blob", Buffer.from("content"))).toBe(blob);
    expect(readdirSync(join(dir, ".git/objects")).sort()).toEqual(["info", "pack"]);
  });

  test("does not mind files that are no objects", async () => {
    const { dir, store } = await fresh();
    mkdirSync(join(dir, ".git/objects/ab/cd"), { recursive: true });
    mkdirSync(join(dir, `.git/objects/ab/${"c".repeat(38)}`));
    writeFileSync(join(dir, ".git/objects/pack/pack-1.idx"), "no pack");
    writeFileSync(join(dir, ".git/objects/pack/notes.txt"), "");
    expect(store.has(`ab${"c".repeat(38)}`)).toBe(false);
    expect(store.matching("abcc")).toEqual([]);
    expect(() => store.read("f".repeat(40))).toThrow(expect.objectContaining({ code: "NOT_FOUND" }));
    expect(() => store.read("../../../etc/passwd")).toThrow(expect.objectContaining({ code: "INVALID_ARGUMENT" }));
    expect(() => store.commit("4b825dc642cb6eb9a060e54bf8d69288fbee4904")).toThrow(
      expect.objectContaining({ code: "INVALID_ARGUMENT" }),
    );
    expect(store.tree("4b825dc642cb6eb9a060e54bf8d69288fbee4904")).toEqual([]);
  });
});
