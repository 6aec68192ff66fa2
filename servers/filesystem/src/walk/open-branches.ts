import type { IgnoreChain } from "./ignore-rules.js";
import type { TreeNode } from "./tasks.js";
import type { WalkDirectory } from "./walk-directory.js";

/** Directories held open besides the start, those opened last: the next level is mostly below them. */
const OPEN_AT_ONCE = 64;

/** A directory of a tree that is listed level by level. */
export interface Branch {
  readonly node: TreeNode;
  /** Undefined for the start. */
  readonly parent: Branch | undefined;
  /** Path with `/` at the end, `""` for the start. */
  readonly base: string;
  readonly rulesAbove: IgnoreChain | undefined;
  /** While it is open. */
  directory?: WalkDirectory | undefined;
}

/** Opens directories below a start, each from its parent so that no link is followed, and keeps some of them open. */
export class OpenBranches {
  readonly #start: WalkDirectory;
  readonly #open: Branch[] = [];

  /** Takes over the start: {@link close} closes it. */
  constructor(start: WalkDirectory) {
    this.#start = start;
  }

  root(node: TreeNode, rulesAbove: IgnoreChain | undefined): Branch {
    return { node, parent: undefined, base: "", rulesAbove, directory: this.#start };
  }

  /** The directory of a branch, open until others need its place. */
  open(branch: Branch): WalkDirectory {
    const closed: Branch[] = [];
    let nearest: Branch | undefined = branch;
    for (; nearest && !nearest.directory; nearest = nearest.parent) closed.push(nearest);
    let directory = nearest?.directory ?? this.#start;
    for (const next of closed.reverse()) {
      directory = directory.enter(next.node.name);
      next.directory = directory;
      this.#open.push(next);
      if (this.#open.length > OPEN_AT_ONCE) release(this.#open.shift());
    }
    return directory;
  }

  close(): void {
    for (const branch of this.#open.splice(0)) release(branch);
    this.#start.close();
  }
}

function release(branch: Branch | undefined): void {
  branch?.directory?.close();
  if (branch) branch.directory = undefined;
}
