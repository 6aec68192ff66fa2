import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describeGit, git, gitBytes, tempDir } from "@mcp-reference/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { bytesOf, textOf } from "../bytes/byte-string.js";
import { openRepository } from "../open-repository.js";

const PATHS = ["a", "b.txt", "d/a", "d/b.txt", "d/e/a", "é", "s p", 'q"t', "A", "a/b"];
const NAMES = ["text", "eol", "diff", "merge", "binary", "m", "n", "-x"];

const pattern = fc.oneof(
  fc.constantFrom(
    "*",
    "a",
    "/a",
    "d/*",
    "**/a",
    "*.txt",
    "d/**",
    '"s p"',
    '"q\\"t"',
    '"\\303\\251"',
    "é",
    "!a",
    "a/",
    "[ab]",
    "#",
    '"open',
  ),
  fc
    .array(fc.constantFrom("a", "*", "?", "/", "d", "."), { minLength: 1, maxLength: 4 })
    .map((atoms) => atoms.join("")),
);
const state = fc
  .tuple(fc.constantFrom("", "-", "!"), fc.constantFrom(...NAMES), fc.constantFrom("", "=v", "=", "=é"))
  .map((parts) => parts.join(""));
const line = fc.oneof(
  {
    weight: 5,
    arbitrary: fc
      .tuple(pattern, fc.array(state, { maxLength: 3 }))
      .map(([head, states]) => [head, ...states].join(" ")),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.constantFrom("m", "n", "-n", "binary", "builtin_x"), fc.array(state, { maxLength: 2 }))
      .map(([name, states]) => [`[attr]${name}`, ...states].join(" ")),
  },
  { weight: 1, arbitrary: fc.constantFrom("", "# text", "  a text\r", "\t* m", `${"a".repeat(2050)} text`) },
);
const lines = fc.array(line, { maxLength: 5 }).map((all) => all.join("\n"));

describeGit("attributes", () => {
  test("are git's", { timeout: 60_000 }, async () => {
    const parent = await tempDir();
    let next = 0;
    await fc.assert(
      fc.asyncProperty(lines, lines, lines, fc.boolean(), async (top, below, info, ignoreCase) => {
        const dir = join(parent, `r${next++}`);
        mkdirSync(join(dir, "d"), { recursive: true });
        git(dir, "init", "-q");
        if (ignoreCase) git(dir, "config", "core.ignoreCase", "true");
        writeFileSync(join(dir, ".gitattributes"), top);
        writeFileSync(join(dir, "d/.gitattributes"), below);
        writeFileSync(join(dir, ".git/info/attributes"), info);
        const asked = NAMES.filter((name) => !name.startsWith("-"));
        const expected = gitBytes(dir, ["check-attr", "-z", "--stdin", ...asked], {
          input: PATHS.join("\0"),
        }).toString();
        const rules = openRepository(dir, { paths: [dir] }).attributes();
        const found = PATHS.flatMap((path) =>
          asked.flatMap((name) => [path, name, printed(rules.get(bytesOf(path), name))]),
        );
        expect(found).toEqual(expected.split("\0").slice(0, -1));
      }),
      { numRuns: Number(process.env["RUNS"] ?? 40) },
    );
  });
});

function printed(value: boolean | string | undefined): string {
  if (value === undefined) return "unspecified";
  if (typeof value === "string") return textOf(value);
  return value ? "set" : "unset";
}
