import { createHash } from "node:crypto";
import { describeGit, git, gitBytes, tempDir } from "@mcp-reference/testing";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ByteString } from "../bytes/byte-string.js";
import { formatCommit } from "./format-commit.js";
import { formatTag } from "./format-tag.js";
import { formatTree } from "./format-tree.js";
import { parseCommit, parseCommitLinks } from "./parse-commit.js";
import { parseTag } from "./parse-tag.js";
import { parseTree } from "./parse-tree.js";
import { treeNameProblem } from "./tree-name.js";
import type { Signature, TreeEntry } from "./types.js";

const OID = "a".repeat(40);
const bytes = (excluded: RegExp, maxLength = 20): fc.Arbitrary<ByteString> =>
  fc.uint8Array({ maxLength }).map((array) => Buffer.from(array).toString("latin1").replace(excluded, "x"));
const oid = fc
  .uint8Array({ minLength: 20, maxLength: 20 })
  .map((id) => Buffer.from(id).toString("hex").replace(/^0/, "1"));
const person: fc.Arbitrary<Signature> = fc.record({
  name: bytes(/[<>\n\0\s]/g),
  email: bytes(/[<>\n\0]/g),
  seconds: fc.nat({ max: 2 ** 40 }),
  zone: fc.constantFrom("+0000", "-0730", "+1345"),
});
const headers = fc.array(
  fc.record({
    name: fc.constantFrom("gpgsig", "mergetag", "gpgsig-sha256", "HG:extra"),
    value: bytes(/\0/g, 60),
  }),
  { maxLength: 3 },
);
const entries = fc.uniqueArray(
  fc.record({
    mode: fc.constantFrom(0o40000, 0o100644, 0o100755, 0o120000, 0o160000),
    name: bytes(/[/\0]/g, 6).filter((name) => treeNameProblem(name) === undefined),
    oid,
  }),
  { selector: ({ name }) => name, maxLength: 30 },
);

describe("what is formatted is parsed to the same", () => {
  test("commits", () => {
    const commit = fc.record({
      tree: oid,
      parents: fc.array(oid, { maxLength: 4 }),
      author: person,
      committer: person,
      encoding: fc.constantFrom(undefined, "ISO-8859-1"),
      headers,
      message: bytes(/^$/, 100),
    });
    fc.assert(
      fc.property(commit, (fields) => {
        expect(parseCommit(OID, formatCommit(fields))).toEqual({ oid: OID, ...fields });
      }),
    );
  });

  test("tags", () => {
    const tag = fc.record({
      object: oid,
      type: fc.constantFrom("commit" as const, "tree" as const, "blob" as const, "tag" as const),
      name: bytes(/[\n\0]/g),
      tagger: fc.option(person, { nil: undefined }),
      message: bytes(/^$/, 100),
    });
    fc.assert(
      fc.property(tag, (fields) => {
        expect(parseTag(OID, formatTag(fields))).toEqual({ oid: OID, ...fields });
      }),
    );
  });

  test("trees", () => {
    fc.assert(
      fc.property(entries, (tree) => {
        const parsed = parseTree(OID, formatTree(tree));
        expect(new Set(parsed)).toEqual(new Set(tree));
        expect(formatTree(parsed).equals(formatTree(tree))).toBe(true);
      }),
    );
  });
});

describeGit("trees", () => {
  test("are in the order that git puts them in", async () => {
    const dir = await tempDir();
    git(dir, "init", "-q");
    fc.assert(
      fc.property(entries, (tree) => {
        const input = tree.map(({ mode, name, oid }) => {
          const type = mode === 0o40000 ? "tree" : mode === 0o160000 ? "commit" : "blob";
          return `${mode.toString(8).padStart(6, "0")} ${type} ${oid}\t${name}\0`;
        });
        const made = gitBytes(dir, ["mktree", "-z", "--missing"], { input: Buffer.from(input.join(""), "latin1") });
        const body = formatTree(tree);
        const header = `tree ${body.length}\0`;
        expect(createHash("sha1").update(header).update(body).digest("hex")).toBe(made.toString().trim());
      }),
      { numRuns: 30 },
    );
  });

  const entry: TreeEntry = { mode: 0o100644, name: "a", oid: OID };
  test.each([
    [[entry, { ...entry, mode: 0o40000 }]],
    [[{ ...entry, name: ".git" }]],
    [[{ ...entry, name: "a/b" }]],
    [[{ ...entry, mode: 0o100664 }]],
    [[{ ...entry, mode: 0 }]],
    [[{ ...entry, oid: "0".repeat(40) }]],
    [[{ ...entry, oid: "a" }]],
  ])("%j are not written", (tree) => {
    expect(() => formatTree(tree)).toThrow(expect.objectContaining({ code: "INVALID_ARGUMENT" }));
  });
});

describe("hostile objects", () => {
  test.each([
    "",
    "100644 a\0short",
    "100644 a",
    "1006449999 a\0",
    "9 a\0".padEnd(40),
    ` a\0${"x".repeat(20)}`,
    `100644 \0${"x".repeat(20)}`,
    "40000",
  ])("the tree %j is damaged, or empty", (body) => {
    const parse = () => parseTree(OID, Buffer.from(body, "latin1"));
    if (body === "") expect(parse()).toEqual([]);
    else expect(parse).toThrow(expect.objectContaining({ code: "UPSTREAM" }));
  });

  test.each([
    "",
    "tree",
    `tree ${OID}`,
    `tree ${OID}\nparent x\n`,
    `tree ${OID.toUpperCase()}\n`,
    `tree ${OID}\nparent ${OID}`,
  ])("the commit %j is damaged", (body) => {
    expect(() => parseCommit(OID, Buffer.from(body))).toThrow(expect.objectContaining({ code: "UPSTREAM" }));
  });

  test("any bytes are parsed or said to be damaged", () => {
    const hostile = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc
        .string({
          unit: fc.constantFrom("author ", "<", ">", " ", "\n", "1", "-", "99999999999999999999", "x"),
          maxLength: 40,
        })
        .map((text) => Buffer.from(`tree ${OID}\nobject ${OID}\ntype tree\n${text}`)),
    );
    fc.assert(
      fc.property(hostile, (body) => {
        for (const parse of [parseCommit, parseTree, parseTag]) {
          try {
            parse(OID, Buffer.from(body));
          } catch (error) {
            expect(error).toMatchObject({ code: "UPSTREAM" });
          }
        }
      }),
    );
  });

  test("what a walk needs of a commit is the same as in the whole commit, whatever its headers", () => {
    const line = fc.constantFrom(
      `parent ${OID}`,
      "author A <a> 1 +0000",
      "committer C <c> 2 +0000",
      "committer D <d> 3 +0000",
      " 4 +0000",
      "gpgsig <x> 5 +0000",
      "committer",
      "",
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 6 }), fc.boolean(), (lines, isWhole) => {
        const body = Buffer.from([`tree ${OID}`, ...lines].join("\n") + (isWhole ? "\n" : ""));
        let expected: unknown;
        try {
          const { tree, parents, committer } = parseCommit(OID, body);
          expected = { tree, parents, date: committer.seconds };
        } catch (error) {
          expect(() => parseCommitLinks(OID, body)).toThrow(expect.objectContaining({ code: "UPSTREAM" }));
          expect(error).toMatchObject({ code: "UPSTREAM" });
          return;
        }
        expect(parseCommitLinks(OID, body)).toEqual(expected);
      }),
      { numRuns: 1000 },
    );
  });

  test("dates that cannot be are 0", () => {
    const commit = (author: string) => parseCommit(OID, Buffer.from(`tree ${OID}\nauthor ${author}\n\nm`)).author;
    expect(commit("A <a> 99999999999999999999 +0000").seconds).toBe(0);
    expect(commit("A <a> -5 +0000").seconds).toBe(0);
    expect(commit("A <a>")).toEqual({ name: "A", email: "a", seconds: 0, zone: "+0000" });
    expect(commit("A <a> b> 12 -0100")).toEqual({ name: "A", email: "a", seconds: 12, zone: "-0100" });
    expect(commit("no email").name).toBe("no email");
  });
});
