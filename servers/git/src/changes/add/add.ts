import { ToolError } from "@mcp-reference/validation";
import type { ByteString } from "../../repository/bytes/byte-string.js";
import { ignoreRules } from "../../repository/ignore/ignore-rules.js";
import type { IndexLock } from "../../repository/index-file/index-lock.js";
import type { IndexEntry } from "../../repository/index-file/types.js";
import { Pace } from "../../repository/pace.js";
import type { Repository } from "../../repository/repository.js";
import { worktreeOf } from "../../repository/worktree/hash-file.js";
import { IndexDraft } from "../index-edit/index-draft.js";
import { withIndexLock } from "../with-index-lock.js";
import { EntryStates } from "../worktree/entry-states.js";
import { listed } from "../worktree/listed.js";
import { WorktreeWriter } from "../worktree/worktree-writer.js";
import { type Pathspec, parsePathspecs } from "./pathspec.js";
import { type StagedPaths, Stager } from "./stager.js";
import { untrackedFiles } from "./untracked-files.js";

export interface AddRequest {
  /** Paths, directories, globs; `.` is everything. */
  readonly paths: readonly string[];
  /** Takes ignored files too. */
  readonly force?: boolean | undefined;
  /** Only files that are tracked already. */
  readonly update?: boolean | undefined;
  /** Records only that new files will be added. */
  readonly intentToAdd?: boolean | undefined;
}

/**
 * Stages files as they are in the worktree, and the removal of those that are gone.
 * @throws ToolError NOT_FOUND for a path that matches nothing, INVALID_ARGUMENT for an ignored one; nothing is staged then
 */
export const add = (repo: Repository, request: AddRequest, signal?: AbortSignal): Promise<StagedPaths> =>
  withIndexLock(repo, signal, (lock) => addLocked(repo, lock, request, signal));

async function addLocked(
  repo: Repository,
  lock: IndexLock,
  request: AddRequest,
  signal: AbortSignal | undefined,
): Promise<StagedPaths> {
  const writer = new WorktreeWriter(repo);
  const draft = new IndexDraft(lock.index.entries);
  const states = new EntryStates(repo, lock.index, writer);
  const stager = new Stager(repo, draft, writer);
  try {
    const root = worktreeOf(repo).root;
    const exists = (path: ByteString) => writer.lstat(path) !== undefined || draft.under(path).length > 0;
    const specs = parsePathspecs(request.paths, root, exists);
    const used = new Set<Pathspec>();
    await stageTracked(specs, used, { draft, states, stager, request, signal });
    if (!request.update) await stageUntracked(repo, specs, used, { draft, writer, stager, request, signal });
    refuseUnmatched(repo, specs, used, writer);
    if (draft.isChanged) lock.write(draft.entries(), { isModified: (entry) => states.of(entry) !== "same" });
    return stager;
  } finally {
    writer.close();
  }
}

async function stageTracked(
  specs: readonly Pathspec[],
  used: Set<Pathspec>,
  { draft, states, stager, request, signal }: Staging & { states: EntryStates },
): Promise<void> {
  const pace = new Pace(signal);
  const seen = new Set<IndexEntry>();
  for (const spec of specs) {
    for (const entry of draft.under(spec.base)) {
      if (!spec.matches(entry.path)) continue;
      if (pace.due()) await pace.pause();
      used.add(spec);
      if (seen.has(entry)) continue;
      seen.add(entry);
      if (entry.stage > 0) stager.resolve(entry.path);
      else if (request.intentToAdd) stager.dropMissing(entry, states);
      else if (!entry.skipWorktree) stager.restage(entry, states);
    }
  }
}

interface Staging {
  readonly draft: IndexDraft;
  readonly stager: Stager;
  readonly request: AddRequest;
  readonly signal: AbortSignal | undefined;
}

async function stageUntracked(
  repo: Repository,
  specs: readonly Pathspec[],
  used: Set<Pathspec>,
  { draft, writer, stager, request, signal }: Staging & { writer: WorktreeWriter },
): Promise<void> {
  const ignore = request.force ? undefined : ignoreRules(repo);
  const isTracked = (path: ByteString) => draft.at(path).length > 0;
  for (const spec of specs) {
    for await (const { path, stats } of untrackedFiles(spec.base, { writer, ignore, isTracked, signal })) {
      if (!spec.matches(path)) continue;
      used.add(spec);
      if (request.intentToAdd && !stats.isDirectory()) stager.intend(path);
      else stager.stageNew(path, stats.isDirectory());
    }
  }
}

/** A pathspec that found nothing is a mistake, unless it names a directory that has nothing to add. */
function refuseUnmatched(
  repo: Repository,
  specs: readonly Pathspec[],
  used: ReadonlySet<Pathspec>,
  writer: WorktreeWriter,
): void {
  const unmatched = specs.filter((spec) => !used.has(spec) && (spec.isGlob || spec.base !== ""));
  const ignore = ignoreRules(repo);
  const ignored = unmatched.filter(({ base, isGlob }) => {
    const stats = isGlob ? undefined : writer.lstat(base);
    return stats !== undefined && ignore.ignored(base, stats.isDirectory());
  });
  if (ignored.length > 0) {
    throw new ToolError("INVALID_ARGUMENT", `.gitignore leaves out ${listed(ignored.map(({ base }) => base))}`, {
      hint: "Pass force to add ignored files",
    });
  }
  const missing = unmatched.filter(({ base, isGlob }) => isGlob || !writer.lstat(base)?.isDirectory());
  if (missing.length > 0) {
    throw new ToolError("NOT_FOUND", `No files match ${missing.map(({ text }) => text).join(", ")}`, {
      hint: "Paths are relative to the top of the repository",
    });
  }
}
