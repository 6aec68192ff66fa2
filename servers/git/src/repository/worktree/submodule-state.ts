import { ToolError } from "@mcp-reference/validation";
import { type ByteString, textOf } from "../bytes/byte-string.js";
import { parseConfig } from "../config/parse-config.js";
import { SUBMODULE } from "../file-mode.js";
import type { IndexEntry } from "../index-file/types.js";
import type { ObjectId } from "../object-id.js";
import { openRepository } from "../open-repository.js";
import type { Repository } from "../repository.js";
import { isNestedRepository } from "./nested-repository.js";
import { type Status, type StatusOptions, type SubmoduleState, UNCHANGED_SUBMODULE } from "./status-types.js";

const LARGEST = 2 ** 20;

/** What a submodule has checked out, and how it differs from what its superproject says. */
export interface SubmoduleFindings extends SubmoduleState {
  /** Undefined where it has no commit, or was not looked at. */
  readonly head: ObjectId | undefined;
}

const UNCHANGED: SubmoduleFindings = { ...UNCHANGED_SUBMODULE, head: undefined };

export interface SubmoduleOptions {
  /** Reads the status of an opened submodule. */
  readonly status: (repo: Repository, options: StatusOptions) => Promise<Status>;
  /** Whether untracked files in it count. */
  readonly untracked: boolean;
  readonly signal: AbortSignal | undefined;
}

/**
 * Looks into a submodule as `git status` does, unless settings say to leave it alone. One that is not checked out is unchanged.
 * @throws ToolError OUTSIDE_ROOT where its git directory lies outside the superproject; what {@link openRepository} throws
 */
export async function submoduleState(
  repo: Repository,
  entry: IndexEntry,
  options: SubmoduleOptions,
): Promise<SubmoduleFindings> {
  const { worktree, gitDir, commonDir } = repo.layout;
  const ignore = ignoredChanges(repo, entry.path);
  if (worktree === undefined || ignore === "all" || !isNestedRepository(worktree, entry.path)) return UNCHANGED;
  const path = textOf(worktree.path(entry.path));
  const submodule = openRepository(path, { paths: [path, textOf(gitDir.root), textOf(commonDir.root)] });
  try {
    const head = submodule.refs.head().oid;
    const newCommits = head !== undefined && head !== entry.oid;
    // A repository that took the place of a file is no submodule yet: only its commit counts.
    if (ignore === "dirty" || entry.mode !== SUBMODULE || submodule.layout.worktree === undefined)
      return { ...UNCHANGED, newCommits, head };
    const untracked = options.untracked && ignore !== "untracked";
    const status = await options.status(submodule, { untracked: untracked ? "normal" : "no", signal: options.signal });
    return { newCommits, head, ...dirtOf(status) };
  } finally {
    submodule.close();
  }
}

/** A submodule within that has nothing but untracked files makes this one untracked, not modified. */
function dirtOf({ changes, conflicts, untracked }: Status): { modified: boolean; untracked: boolean } {
  const onlyUntracked = changes.filter(({ submodule }) => submodule?.untracked);
  return {
    modified:
      conflicts.length > 0 ||
      changes.some((change) => {
        const { submodule } = change;
        return change.origin !== undefined || !submodule?.untracked || submodule.newCommits || submodule.modified;
      }),
    untracked: untracked.length > 0 || onlyUntracked.length > 0,
  };
}

/** `submodule.<name>.ignore` of the config, then of `.gitmodules`; then `diff.ignoreSubmodules`. */
function ignoredChanges(repo: Repository, path: ByteString): string {
  const { names, ignore } = submodulesFile(repo, path);
  const configured = names.map((name) => repo.config.get(`submodule.${name}.ignore`)).find((value) => value);
  return configured ?? ignore ?? repo.config.get("diff.ignoresubmodules") ?? "none";
}

function submodulesFile(repo: Repository, path: ByteString): { names: ByteString[]; ignore: string | undefined } {
  const lines = gitModules(repo);
  const names = lines.flatMap(({ key, value, subsection }) =>
    key === "path" && value === path && subsection !== undefined ? [subsection] : [],
  );
  const ignore = lines.findLast(
    ({ key, subsection }) => key === "ignore" && subsection !== undefined && names.includes(subsection),
  );
  return { names, ignore: ignore?.value ?? undefined };
}

function gitModules(repo: Repository) {
  try {
    const text = repo.layout.worktree?.read(".gitmodules", LARGEST)?.toString("latin1");
    return parseConfig(text ?? "", ".gitmodules").filter(({ section }) => section === "submodule");
  } catch (error) {
    // A damaged .gitmodules, or one that is a link, says nothing.
    if (error instanceof ToolError) return [];
    throw error;
  }
}
