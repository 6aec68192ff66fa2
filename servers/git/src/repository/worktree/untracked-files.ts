import { ToolError } from "@mcp-reference/validation";
import type { ByteString } from "../bytes/byte-string.js";
import type { ConfinedFiles } from "../confined/confined-files.js";
import type { IgnoreRules } from "../ignore/ignore-rules.js";
import type { Pace } from "../pace.js";
import { lstatOf, namesIn } from "./directory-entries.js";
import { isNestedRepository } from "./nested-repository.js";
import type { PathSelection } from "./path-selection.js";

const MOST_PATHS = 500_000;

export interface UntrackedOptions {
  readonly worktree: ConfinedFiles;
  readonly rules: IgnoreRules;
  readonly selection: PathSelection;
  /** A directory of which nothing is tracked is listed as one. */
  readonly collapse: boolean;
  /** List what is ignored too. */
  readonly ignored: boolean;
  readonly pace: Pace;
}

interface Found {
  readonly untracked: ByteString[];
  readonly ignored: ByteString[];
}

/** Collects what lies in the worktree and is in no index. */
export class UntrackedFiles {
  readonly untracked: ByteString[] = [];
  readonly ignored: ByteString[] = [];
  readonly #options: UntrackedOptions;

  constructor(options: UntrackedOptions) {
    this.#options = options;
  }

  /**
   * Takes in a name that is not tracked, in a directory of which something is.
   * @param isEntry whether it is a directory where the index has a file: git then tells of what is in it, but not of itself
   */
  async add(path: ByteString, isEntry: boolean): Promise<void> {
    const { untracked, ignored } = await this.#at(path, false);
    const isListed = (found: ByteString): boolean => !isEntry || found !== `${path}/`;
    for (const found of untracked) if (isListed(found)) this.untracked.push(found);
    for (const found of ignored) if (isListed(found)) this.ignored.push(found);
    if (this.untracked.length + this.ignored.length > MOST_PATHS) {
      throw new ToolError("TOO_LARGE", `More than ${MOST_PATHS} files are not tracked`, {
        hint: "Look at fewer paths, or do not list each file",
      });
    }
  }

  async #at(path: ByteString, isInIgnored: boolean): Promise<Found> {
    const { worktree, rules, selection, ignored } = this.#options;
    const stats = lstatOf(worktree.path(path));
    const found: Found = { untracked: [], ignored: [] };
    if (stats?.isDirectory()) return selection.reaches(path) ? this.#directory(path, isInIgnored) : found;
    // Pipes, sockets and devices are not for git.
    if (!(stats?.isFile() || stats?.isSymbolicLink()) || !selection.includes(path)) return found;
    if (!isInIgnored && !rules.ignored(path, false)) found.untracked.push(path);
    else if (ignored) found.ignored.push(path);
    return found;
  }

  async #directory(path: ByteString, isInIgnored: boolean): Promise<Found> {
    const { worktree, rules, selection, collapse, ignored } = this.#options;
    const isIgnored = isInIgnored || rules.ignored(path, true);
    if (isIgnored && !ignored) return { untracked: [], ignored: [] };
    const whole = [`${path}/`];
    if (isNestedRepository(worktree, path)) {
      return isIgnored ? { untracked: [], ignored: whole } : { untracked: whole, ignored: [] };
    }
    const found = await this.#within(path, isIgnored);
    if (!collapse || selection.leadsThrough(path)) return found;
    if (found.untracked.length > 0) return { untracked: whole, ignored: found.ignored };
    return { untracked: [], ignored: found.ignored.length > 0 ? whole : [] };
  }

  async #within(directory: ByteString, isIgnored: boolean): Promise<Found> {
    const { worktree, collapse, ignored, pace } = this.#options;
    if (pace.due()) await pace.pause();
    const all: Found = { untracked: [], ignored: [] };
    for (const name of namesIn(worktree.path(directory)) ?? []) {
      if (name === ".git") continue;
      const found = await this.#at(`${directory}/${name}`, isIgnored);
      for (const path of found.untracked) all.untracked.push(path);
      for (const path of found.ignored) all.ignored.push(path);
      // One file is enough to tell that the directory is to be listed.
      if (collapse && (isIgnored ? all.ignored.length > 0 : all.untracked.length > 0 && !ignored)) break;
    }
    return all;
  }
}
