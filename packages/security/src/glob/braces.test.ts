import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { expect, it } from "vitest";
import { expandBraces } from "./braces.js";

const bash = (() => {
  try {
    return execFileSync("bash", ["-c", "echo $BASH_VERSION"]).length > 0;
  } catch {
    return false;
  }
})();

/** Words with alternations in them, nested; bash has rules of its own for braces without a comma, so all have one. */
const { word } = fc.letrec<{ word: string; group: string }>((tie) => ({
  word: fc
    .array(fc.oneof({ depthSize: "small" }, fc.constantFrom("a", "b", ",", ".."), tie("group")), { maxLength: 3 })
    .map((parts) => parts.join("")),
  group: fc.array(tie("word"), { minLength: 2, maxLength: 3 }).map((words) => `{${words.join()}}`),
}));
const anything = fc
  .tuple(fc.constantFrom("", "}", "},"), word, fc.constantFrom("", "{", "{a,", ",{,"))
  .map((t) => t.join(""));

it.runIf(bash || process.env.CI)("expands as bash does", () => {
  // In front of every pattern an "x" keeps bash from seeing an empty word.
  const patterns = fc.sample(
    anything.filter((pattern) => pattern.length <= 30),
    2000,
  );
  const script = patterns.map((pattern) => `printf '%s ' x${pattern}; echo\n`).join("");
  const lines = execFileSync("bash", ["-s"], { input: `set -f\n${script}`, maxBuffer: 2 ** 26 })
    .toString()
    .split("\n");
  const ours = patterns.map((pattern) => {
    const words = expandBraces(`x${pattern}`);
    return words.map((expanded) => `${expanded} `).join("");
  });
  expect(ours).toEqual(lines.slice(0, -1));
});
