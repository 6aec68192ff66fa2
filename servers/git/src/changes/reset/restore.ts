import { ToolError } from "@mcp-reference/validation";
import type { ByteString } from "../../repository/bytes/byte-string.js";
import type { IndexLock } from "../../repository/index-file/index-lock.js";
import type { Repository } from "../../repository/repository.js";
import { resolveRevision } from "../../repository/revision/resolve.js";
import { worktreeOf } from "../../repository/worktree/hash-file.js";
import { anyMatches, type Pathspec, parsePathspecs } from "../add/pathspec.js";
import { IndexDraft } from "../index-edit/index-draft.js";
import { flatTree } from "../switching/flat-tree.js";
import { findObstacles } from "../switching/obstacles.js";
import { sparseRule } from "../switching/sparse-checkout.js";
import { carryOut, type WorktreePlan } from "../switching/worktree-plan.js";
import { keepForUndo } from "../undo-ref.js";
import { withIndexLock } from "../with-index-lock.js";
import { EntryStates } from "../worktree/entry-states.js";
import { listed } from "../worktree/listed.js";
import { isSameFile, type TrackedFile } from "../worktree/tracked-file.js";
import { WorktreeWriter } from "../worktree/worktree-writer.js";
import { keepChanges } from "./reset.js";
import { resetEntries } from "./reset-entries.js";

export interface RestoreRequest {
  readonly paths: readonly string[];
  /** A revision; unless given the index, or `HEAD` where the index is to be restored. */
  readonly source?: string | undefined;
  readonly staged: boolean;
  readonly worktree: boolean;
}

export interface RestoreResult {
  /** Paths of the index that changed. */
  readonly unstaged: readonly ByteString[];
  /** Files that were written, and that were removed as the source does not have them. */
  readonly written: readonly ByteString[];
  readonly removed: readonly ByteString[];
  /** Keeps the changes that were given up. */
  readonly undoRef: ByteString | undefined;
}

/**
 * Gives up changes to some paths: in the worktree, in the index, or in both.
 * @throws ToolError NOT_FOUND for a path that is nowhere tracked; CONFLICT for one in conflict, or where a directory is in the way
 */
export const restore = (repo: Repository, request: RestoreRequest, signal?: AbortSignal): Promise<RestoreResult> =>
  withIndexLock(repo, signal, (lock) => restoreLocked(repo, lock, request, signal));

type Files = ReadonlyMap<ByteString, TrackedFile>;

async function restoreLocked(
  repo: Repository,
  lock: IndexLock,
  { paths, source, staged, worktree }: RestoreRequest,
  signal: AbortSignal | undefined,
): Promise<RestoreResult> {
  const draft = new IndexDraft(lock.index.entries);
  const writer = new WorktreeWriter(repo);
  try {
    const revision = source ?? (staged ? "HEAD" : undefined);
    const files = revision === undefined ? indexFiles(draft) : await treeFiles(repo, revision, signal);
    const specs = parsePathspecs(paths, worktreeOf(repo).root, (path) => files.has(path) || draft.at(path).length > 0);
    const matches = matcherOf(specs, files, draft);
    const states = new EntryStates(repo, lock.index, writer);
    const plan = worktree ? planRestore(files, draft, states, writer, matches) : NOTHING;
    const undoRef = await keepGivenUp(repo, lock, plan, signal);
    const unstaged = staged ? resetEntries(draft, files, matches, sparseRule(repo)) : [];
    await carryOutRestore(repo, plan, writer, draft, signal);
    if (draft.isChanged) lock.write(draft.entries(), { isModified: (entry) => states.of(entry) !== "same" });
    return { unstaged, written: plan.write.map(pathOf), removed: plan.remove.map(pathOf), undoRef };
  } finally {
    writer.close();
  }
}

const NOTHING: WorktreePlan = { remove: [], clear: [], write: [] };
const pathOf = ({ path }: TrackedFile): ByteString => path;

const indexFiles = (draft: IndexDraft): Files =>
  new Map(draft.under("").flatMap((entry) => (entry.intentToAdd ? [] : [[entry.path, entry] as const])));

async function treeFiles(repo: Repository, revision: string, signal: AbortSignal | undefined): Promise<Files> {
  return flatTree(repo.objects, repo.objects.commit(resolveRevision(repo, revision)).tree, signal);
}

function matcherOf(specs: readonly Pathspec[], files: Files, draft: IndexDraft): (path: ByteString) => boolean {
  const known = [...files.keys(), ...draft.under("").map(pathOf)];
  const unmatched = specs.filter(
    (spec) => (spec.isGlob || spec.base !== "") && !known.some((path) => spec.matches(path)),
  );
  if (unmatched.length > 0) {
    throw new ToolError("NOT_FOUND", `No tracked files match ${unmatched.map(({ text }) => text).join(", ")}`, {
      hint: "Paths are relative to the top of the repository",
    });
  }
  return anyMatches(specs);
}

function planRestore(
  files: Files,
  draft: IndexDraft,
  states: EntryStates,
  writer: WorktreeWriter,
  matches: (path: ByteString) => boolean,
): WorktreePlan {
  const conflicted = [...files.values()].filter((file) => "stage" in file && file.stage !== 0).map(pathOf);
  const unmerged = conflicted.filter(matches);
  if (unmerged.length > 0) {
    throw new ToolError("CONFLICT", `${listed(unmerged)} is in conflict: the index has no version to restore`, {
      hint: "Name a source such as HEAD, or resolve the conflict",
    });
  }
  const write = [...files.values()].filter((file) => {
    const [entry] = matches(file.path) ? draft.at(file.path) : [];
    if (!matches(file.path) || entry?.skipWorktree) return false;
    return entry === undefined || !isSameFile(entry, file) || states.of(entry) !== "same";
  });
  const remove = draft.under("").filter((entry) => matches(entry.path) && !files.has(entry.path) && !entry.intentToAdd);
  const { lost } = findObstacles(write, writer, { isRemoved: () => false, isIgnored: () => false });
  const wanted = new Set(write.map(pathOf));
  const inTheWay = lost.filter((path) => !wanted.has(path) || writer.lstat(path)?.isDirectory());
  if (inTheWay.length > 0) {
    throw new ToolError("CONFLICT", `${listed(inTheWay)} is in the way of the files to restore`, {
      hint: "Move it away first",
    });
  }
  return { remove, clear: [], write };
}

async function keepGivenUp(
  repo: Repository,
  lock: IndexLock,
  { write, remove }: WorktreePlan,
  signal: AbortSignal | undefined,
): Promise<ByteString | undefined> {
  if (write.length + remove.length === 0) return undefined;
  const kept = await keepChanges(repo, lock, "changes before restore", signal, write.map(pathOf));
  return kept === undefined ? undefined : keepForUndo(repo, "restore", kept);
}

/** Only entries of the same content learn of the files that were written: the others stay different from them. */
async function carryOutRestore(
  repo: Repository,
  plan: WorktreePlan,
  writer: WorktreeWriter,
  draft: IndexDraft,
  signal: AbortSignal | undefined,
): Promise<void> {
  const written = new IndexDraft([]);
  await carryOut(plan, repo, writer, written, signal);
  for (const entry of written.entries()) {
    const [tracked] = draft.at(entry.path);
    if (tracked?.stage === 0 && isSameFile(tracked, entry)) draft.put(entry);
  }
}
