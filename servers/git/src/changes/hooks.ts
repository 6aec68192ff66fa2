import { statSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { textOf } from "../repository/bytes/byte-string.js";
import type { Repository } from "../repository/repository.js";

/** Hooks that git would run around an operation. */
const HOOKS = {
  commit: ["pre-commit", "prepare-commit-msg", "commit-msg", "post-commit"],
  amend: ["pre-commit", "prepare-commit-msg", "commit-msg", "post-commit", "post-rewrite"],
  checkout: ["post-checkout"],
  merge: ["pre-merge-commit", "prepare-commit-msg", "commit-msg", "post-merge"],
  rebase: ["pre-rebase", "post-checkout", "post-rewrite"],
  push: ["pre-push"],
  refs: [],
} as const;

/** One that git runs for every change of a ref. */
const ALWAYS = "reference-transaction";

export type HookedOperation = keyof typeof HOOKS;

/** Names of the hooks that git would have run: this server runs none. */
function skippedHooks(repo: Repository, operation: HookedOperation): string[] {
  const directory = hooksDirectory(repo);
  return [...HOOKS[operation], ALWAYS].filter((name) => isExecutable(path.join(directory, name)));
}

/** A sentence about them for a result; undefined where there are none. */
export function hooksNote(repo: Repository, operation: HookedOperation): string | undefined {
  const skipped = skippedHooks(repo, operation);
  return skipped.length === 0 ? undefined : `Hooks that were not run: ${skipped.join(", ")}`;
}

function hooksDirectory({ config, layout }: Repository): string {
  const configured = config.get("core.hookspath");
  if (configured === undefined) return path.join(textOf(layout.commonDir.root), "hooks");
  const named = textOf(configured).replace(/^~(?=\/|$)/, os.homedir());
  return path.resolve(textOf((layout.worktree ?? layout.gitDir).root), named);
}

function isExecutable(file: string): boolean {
  try {
    const stats = statSync(file, { throwIfNoEntry: false });
    return stats?.isFile() === true && (stats.mode & 0o111) !== 0;
  } catch {
    return false; // git could not run what cannot even be looked at
  }
}
