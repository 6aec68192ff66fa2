import { mkdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { ProgressMeter } from "./progress.js";
import type { Scope } from "./tasks.js";

/** A tree for a test: a text is a file's content, an object a directory. */
export interface Planted {
  [name: string]: string | Planted;
}

export function plant(directory: string, tree: Planted): void {
  for (const [name, content] of Object.entries(tree)) {
    const path = join(directory, name);
    if (typeof content === "string") {
      writeFileSync(path, content);
    } else {
      mkdirSync(path);
      plant(path, content);
    }
  }
}

/** A scope that leaves nothing out. */
export function scopeOf(directory: string, changes: Partial<Scope> = {}): Scope {
  const { dev, ino } = statSync(directory, { bigint: true });
  return {
    at: directory,
    identity: `${dev}:${ino}`,
    portable: process.platform !== "linux",
    secrets: { deny: [], allow: [] },
    policyPath: "",
    exclude: [],
    ignoreFiles: undefined,
    ...changes,
  };
}

export const silent = () => new ProgressMeter(() => {});

const names = fc.string({
  unit: fc.constantFrom("a", "b", "é", "😀", "\uE000", "'", '"', " ", "\n", ".", "-", "*"),
  minLength: 1,
  maxLength: 3,
});

/** Trees with odd names; `content` makes the files. */
export function plantedTrees(content: fc.Arbitrary<string> = fc.constant("")): fc.Arbitrary<Planted> {
  const name = names.filter((text) => text !== "." && text !== "..");
  return fc.letrec<{ tree: Planted }>((tie) => ({
    tree: fc.dictionary(name, fc.oneof({ depthSize: "small" }, content, tie("tree")), { maxKeys: 5 }),
  })).tree;
}
