import { ToolError } from "@mcp-reference/validation";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileGlob, compileGlobDescent } from "./glob.js";

/** An oracle of another make: every alternative as a regular expression, with its backtracking and its plain rules. */
function regExpOracle(pattern: string): RegExp {
  const segments = pattern.split("/").filter((segment) => segment !== "" && segment !== ".");
  const parts = segments.map((segment, index) => {
    if (segment === "**") return index === segments.length - 1 ? "[^/]+(?:/[^/]+)*" : "(?:[^/]+/)*";
    const body = segment.replace(/\*+|\?|[^*?]/gu, (token) => {
      if (token.startsWith("*")) return "[^/]*";
      return token === "?" ? "[^/]" : `\\u{${token.codePointAt(0)?.toString(16)}}`;
    });
    return body + (index === segments.length - 1 ? "" : "/");
  });
  return segments.length ? new RegExp(`^${parts.join("")}$`, "su") : /(?!)/;
}

const name = fc.string({ unit: fc.constantFrom("a", "b", ".", "é", "😀", "\n"), minLength: 1, maxLength: 4 });
const path = fc.array(name, { minLength: 1, maxLength: 5 }).map((names) => names.join("/"));
const segment = fc.string({ unit: fc.constantFrom("a", "b", ".", "😀", "*", "?", "*"), maxLength: 4 });
const pattern = fc
  .array(fc.oneof(segment, fc.constant("**")), { minLength: 1, maxLength: 5 })
  .map((segments) => segments.join("/"));

describe("compileGlob", () => {
  it("agrees with regular expressions on *, ? and **", () => {
    fc.assert(
      fc.property(pattern, path, (glob, text) => {
        expect(compileGlob(glob)(text)).toBe(regExpOracle(glob).test(text));
      }),
      { numRuns: 5000 },
    );
  });

  it("gives quick shapes the meaning of the general matcher", () => {
    const shapes = fc.tuple(fc.constantFrom("", "**/"), fc.constantFrom("", "*"), name).map((parts) => parts.join(""));
    fc.assert(
      fc.property(shapes, path, (glob, text) => {
        expect(compileGlob(glob)(text)).toBe(compileGlob(`{${glob},${glob}}`)(text));
      }),
      { numRuns: 5000 },
    );
  });

  const cases: [glob: string, matching: string[], other: string[]][] = [
    ["*.md", ["a.md", ".md", ".hidden.md"], ["d/a.md", "a.md/b", "a.MD", "amd"]],
    ["**/*.md", ["a.md", "d/a.md", ".d/e/.md"], ["a.md/b"]],
    ["**", ["a", "a/b", ".a"], []],
    ["a/**", ["a/b", "a/b/c"], ["a", "b/a/c"]],
    ["a/**/b", ["a/b", "a/x/b", "a/x/y/b"], ["a", "ab", "a/b/c"]],
    ["**/a/**/b/**", ["a/b/c", "x/a/y/b/z/z"], ["a/b", "b/a/c"]],
    ["a**b", ["ab", "axb"], ["a/b", "ax/b"]],
    ["[a-c]?[!x-z]", ["b1a", "a😀b"], ["d1a", "b1x", "b1"]],
    ["[^a]", ["b"], ["a"]],
    ["[]a]", ["]", "a"], ["b", "]a"]],
    ["[!]a]", ["b"], ["]", "a"]],
    ["[a-]", ["a", "-"], ["b"]],
    ["[z-a]", [], ["a", "z", "b"]],
    ["[\\]]", ["]"], ["\\"]],
    ["[ab", ["[ab"], ["a"]],
    ["[a/b]", ["[a/b]"], ["a", "b"]],
    ["\\*.md", ["*.md"], ["a.md"]],
    ["a\\", ["a\\"], ["a"]],
    ["a\\/b", ["a/b"], ["a\\/b"]],
    ["a\\\\/b", ["a\\/b"], ["a/b"]],
    ["{a,b}.ts", ["a.ts", "b.ts"], ["c.ts", "{a,b}.ts"]],
    ["src/{**/*.ts,{x,y}/z}", ["src/a.ts", "src/d/a.ts", "src/x/z", "src/y/z"], ["src/z"]],
    ["{a}", ["{a}"], ["a"]],
    ["{a,b", ["{a,b"], ["a"]],
    ["a{,b}", ["a", "ab"], ["b"]],
    ["\\{a,b}", ["{a,b}"], ["a", "b"]],
    ["{a\\,b,c}", ["a,b", "c"], ["a", "b"]],
    ["./src//a/", ["src/a"], ["./src//a/"]],
    ["", [], ["", "a"]],
    [" a ", [" a "], ["a"]],
  ];
  it.each(cases)("%j", (glob, matching, other) => {
    const matches = compileGlob(glob);
    expect(matching.filter((text) => !matches(text))).toEqual([]);
    expect(other.filter(matches)).toEqual([]);
  });

  it("ignores case on request", () => {
    const matches = compileGlob("**/[A-C]x?{É,ß}.Md", { nocase: true });
    expect(["a/bX1é.mD", "Cx1ẞ.md", "ax/axyß.MD"].map(matches)).toEqual([true, true, true]);
    expect(["dx1é.md", "ax1e.md"].map(matches)).toEqual([false, false]);
    expect(compileGlob("[!A]", { nocase: true })("a")).toBe(false);
  });

  it("takes braces as they are on request", () => {
    expect(compileGlob("{a,b}", { braces: false })("{a,b}")).toBe(true);
  });

  it("refuses braces that stand for too many patterns, and endless patterns", () => {
    for (const glob of [
      "{a,b}".repeat(12),
      `{${"x,".repeat(300)}}`,
      `${"{a,".repeat(300)}b${"}".repeat(300)}`,
      "a?".repeat(2500),
    ]) {
      expect(() => compileGlob(glob), glob.slice(0, 40)).toThrow(ToolError);
    }
  });

  it.each([
    ["many stars", `${"a*".repeat(40)}b`, "a".repeat(5000)],
    ["many stars in a class", `${"[a-b]*".repeat(200)}c`, "ab".repeat(5000)],
    ["many globstars", `${"**/a/".repeat(200)}b`, `${"a/".repeat(5000)}c`],
    ["globstars around stars", `${"**/*a*/".repeat(100)}*b`, `${"aaaa/".repeat(3000)}c`],
    ["open braces", "{".repeat(4000), "a"],
    ["nested braces", `${"{a,".repeat(200)}b${"}".repeat(200)}`, "c"],
  ])("stays quick: %s", (_, glob, text) => {
    const started = performance.now();
    expect(compileGlob(glob)(text)).toBe(false);
    expect(performance.now() - started).toBeLessThan(5000);
  });
});

describe("compileGlobDescent", () => {
  it("never closes a directory below which a path matches", () => {
    fc.assert(
      fc.property(pattern, path, (glob, text) => {
        fc.pre(compileGlob(glob)(text));
        const names = text.split("/");
        const parents = names.slice(1).map((_, index) => names.slice(0, index + 1).join("/"));
        expect(parents.filter((parent) => !compileGlobDescent(glob)(parent))).toEqual([]);
      }),
      { numRuns: 5000 },
    );
  });

  it("closes the others", () => {
    expect(["src", "src/a"].map(compileGlobDescent("src/*/x.ts"))).toEqual([true, true]);
    expect(["docs", "src/a/b", "src/a/x.ts"].map(compileGlobDescent("src/*/x.ts"))).toEqual([false, false, false]);
    expect(["a", ".b"].map(compileGlobDescent("*.md"))).toEqual([false, false]);
    expect(["a", "b/c"].map(compileGlobDescent("{a,b/c}/**"))).toEqual([true, true]);
    expect(compileGlobDescent("SRC/*", { nocase: true })("src")).toBe(true);
  });
});
