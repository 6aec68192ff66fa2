import type { Dirent } from "node:fs";
import { shareBudget } from "../text/share-budget.js";
import { EntryFilter } from "./entry-filter.js";
import type { IgnoreChain } from "./ignore-rules.js";
import { type Branch, OpenBranches } from "./open-branches.js";
import type { ProgressMeter } from "./progress.js";
import type { TreeNode, TreeResult, TreeTask } from "./tasks.js";
import { isOutOfDescriptors, openStart, typeOf, type WalkDirectory } from "./walk-directory.js";

/** Nested results that go deeper overflow the stack of those who serialise them. */
const MAX_DEPTH = 500;

/** A directory that was read. */
interface Listing {
  readonly branch: Branch;
  readonly entries: readonly Dirent[];
  readonly rules: IgnoreChain | undefined;
}

/**
 * Lists a tree level by level, so that what is near the top is there even when the whole does not fit. The
 * directories of a level share the room that is left: a huge one does not push the others out.
 * @throws ToolError INVALID_ARGUMENT for a bad glob; the errno of the start when it cannot be listed.
 */
export function listTree(task: TreeTask, progress: ProgressMeter): TreeResult {
  return new TreeListing(task, progress).run();
}

class TreeListing {
  readonly #task: TreeTask;
  readonly #progress: ProgressMeter;
  readonly #filter: EntryFilter;
  #hidden = 0;
  #unreadable = 0;
  #cut = false;

  constructor(task: TreeTask, progress: ProgressMeter) {
    this.#task = task;
    this.#progress = progress;
    this.#filter = new EntryFilter(task.scope);
  }

  run(): TreeResult {
    const root: TreeNode = { name: "", type: "directory" };
    const branches = new OpenBranches(openStart(this.#task.scope));
    try {
      let level = [branches.root(root, this.#filter.rulesAbove)];
      const depth = Math.min(this.#task.depth, MAX_DEPTH);
      for (let listed = 0; listed < depth && level.length > 0; listed++) level = this.#listLevel(branches, level);
      if (this.#task.depth > MAX_DEPTH && level.length > 0) this.#cut = true;
    } finally {
      branches.close();
    }
    return {
      children: root.children ?? [],
      more: root.more ?? 0,
      entries: this.#progress.found,
      truncated: this.#cut,
      hidden: this.#hidden,
      unreadable: this.#unreadable,
    };
  }

  /** @returns the directories of the next level. */
  #listLevel(branches: OpenBranches, level: readonly Branch[]): Branch[] {
    const room = this.#task.maxEntries - this.#progress.found;
    if (room === 0) {
      this.#cut = true;
      return [];
    }
    const listings = level.flatMap((branch) => this.#read(branches, branch) ?? []);
    const shares = shareBudget(
      listings.map(({ entries }) => entries.length),
      room,
    );
    return listings.flatMap((listing, index) => this.#addChildren(listing, shares[index] ?? 0));
  }

  #read(branches: OpenBranches, branch: Branch): Listing | undefined {
    try {
      return this.#list(branches.open(branch), branch);
    } catch (error) {
      if (branch.parent === undefined || isOutOfDescriptors(error)) throw error;
      this.#unreadable++;
      branch.node.unreadable = true;
      return undefined;
    }
  }

  #list(directory: WalkDirectory, branch: Branch): Listing {
    const all = directory.entries();
    const rules = this.#filter.rulesIn(directory, all, branch.base, branch.rulesAbove);
    const entries = all.filter((entry) => this.#isVisible(entry, branch.base, rules));
    return { branch, entries, rules };
  }

  #isVisible(entry: Dirent, base: string, rules: IgnoreChain | undefined): boolean {
    this.#progress.visit();
    const path = base + entry.name;
    if (this.#filter.excludes(path, entry.name, entry.isDirectory(), rules)) return false;
    if (!this.#filter.hides(path)) return true;
    this.#hidden++;
    return false;
  }

  #addChildren({ branch, entries, rules }: Listing, share: number): Branch[] {
    const children = entries.slice(0, share).map((entry): TreeNode => ({ name: entry.name, type: typeOf(entry) }));
    branch.node.children = children;
    if (share < entries.length) {
      branch.node.more = entries.length - share;
      this.#cut = true;
    }
    this.#progress.found += children.length;
    return children
      .filter(({ type }) => type === "directory")
      .map((node) => ({ node, parent: branch, base: `${branch.base}${node.name}/`, rulesAbove: rules }));
  }
}
