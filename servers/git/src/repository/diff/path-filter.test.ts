import { describe, expect, test } from "vitest";
import { pathFilter } from "./path-filter.js";

const matching = (specs: string[], paths: string[]) => {
  const filter = pathFilter(specs);
  return paths.filter((path) => filter.matches(path));
};

describe("a path filter", () => {
  const paths = ["a", "a.ts", "ab/c", "dir/a.ts", "dir/sub/b.ts", "dir2/a", "x[1]", "x1", ":(top)"];

  test.each([
    [[], paths],
    [["."], paths],
    [["./"], paths],
    [["dir"], ["dir/a.ts", "dir/sub/b.ts"]],
    [["./dir/"], ["dir/a.ts", "dir/sub/b.ts"]],
    [["a/"], []],
    [["*.ts"], ["a.ts", "dir/a.ts", "dir/sub/b.ts"]],
    [
      ["dir/*/b.ts", "?b/*"],
      ["ab/c", "dir/sub/b.ts"],
    ],
    [["x[1]"], ["x[1]", "x1"]],
    [["[!a-d]*"], ["x[1]", "x1", ":(top)"]],
    [["dir\\/a.ts"], ["dir/a.ts"]],
    [[":(top)"], [":(top)"]],
    [["x[1"], []],
  ])("takes %j for paths as git does", (specs, expected) => {
    expect(matching(specs, paths)).toEqual(expected);
  });

  test("knows where not to look", () => {
    const filter = pathFilter(["src/*.ts", "docs/guide"]);
    expect(
      ["src", "src/deep", "docs", "docs/guide", "docs/other", "lib"].filter((path) => filter.mayContain(path)),
    ).toEqual(["src", "src/deep", "docs", "docs/guide"]);
  });

  test("is not slow on patterns that were made to be", () => {
    expect(matching([`${"*a".repeat(200)}*b`], ["a".repeat(4000)])).toEqual([]);
  });
});
