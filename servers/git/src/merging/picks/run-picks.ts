import { ToolError } from "@mcp-reference/validation";
import { createCommit } from "../../changes/commit/create-commit.js";
import { subjectOf } from "../../changes/commit/message.js";
import { identityOf, now } from "../../changes/identity.js";
import type { ByteString } from "../../repository/bytes/byte-string.js";
import type { ObjectId } from "../../repository/object-id.js";
import type { Commit } from "../../repository/objects/types.js";
import type { Repository } from "../../repository/repository.js";
import { markerName } from "../commit-names.js";
import { conflictStyle } from "../conflict-style.js";
import { mergeTrees } from "../trees/merge-trees.js";
import type { TreeMerge } from "../trees/types.js";
import { inUtf8 } from "./in-utf8.js";
import { pickMessage, revertMessage } from "./pick-message.js";

export type PickAction = "pick" | "revert";

export interface PickOptions {
  readonly action: PickAction;
  /** Parent of a merge, counted from 1, that its changes are told against. */
  readonly mainline?: number | undefined;
  /** Add to each message where it comes from. */
  readonly recordOrigin?: boolean | undefined;
  /** False only merges trees, one after the other. */
  readonly commit?: boolean | undefined;
  /** Take a commit as it is where it follows the tip already. */
  readonly fastForward?: boolean | undefined;
  /** Keep commits that change nothing to begin with. */
  readonly keepEmpty?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A commit of the run. */
export interface PickedCommit {
  readonly source: Commit;
  readonly oid: ObjectId;
  readonly subject: ByteString;
}

export interface PickRun {
  /** The last commit made, or the one it began with. */
  readonly tip: ObjectId;
  /** What worktree and index are to hold: with conflict markers where the run stopped. */
  readonly tree: ObjectId;
  readonly made: readonly PickedCommit[];
  /** Commits whose changes were there already. */
  readonly dropped: readonly Commit[];
  readonly stopped: { readonly source: Commit; readonly merge: TreeMerge; readonly message: ByteString } | undefined;
  /** Message for whoever commits what was only merged. */
  readonly prepared: ByteString | undefined;
  /** Not looked at, as the run stopped before. */
  readonly left: readonly Commit[];
}

/**
 * Applies the changes of commits, or takes them back, one after the other, until there is a conflict. It writes objects and nothing
 * else, so nothing has happened when it throws.
 */
export async function runPicks(
  repo: Repository,
  tip: ObjectId,
  tree: ObjectId,
  commits: readonly Commit[],
  options: PickOptions,
): Promise<PickRun> {
  const run: { tip: ObjectId; tree: ObjectId; prepared: ByteString | undefined } = { tip, tree, prepared: undefined };
  const made: PickedCommit[] = [];
  const dropped: Commit[] = [];
  for (const [n, source] of commits.entries()) {
    const parent = parentOf(repo, source, options);
    if (options.fastForward && parent?.oid === run.tip && source.parents.length === 1) {
      Object.assign(run, { tip: source.oid, tree: source.tree });
      made.push({ source, oid: source.oid, subject: subjectOf(source.message) });
      continue;
    }
    const merge = await mergeOne(repo, run.tree, source, parent, options);
    const message = messageOf(source, parent, options);
    if (merge.conflicts.length > 0) {
      const stopped = { source, merge, message };
      return { ...run, tree: merge.tree, made, dropped, stopped, left: commits.slice(n + 1) };
    }
    const wasEmpty = parent?.tree === source.tree;
    if (merge.tree === run.tree && !(wasEmpty && options.keepEmpty)) dropped.push(source);
    else if (options.commit !== false) {
      run.tip = commitPick(repo, source, { tree: merge.tree, parent: run.tip, message, action: options.action });
      made.push({ source, oid: run.tip, subject: subjectOf(message) });
    }
    run.tree = merge.tree;
    run.prepared = message;
  }
  return { ...run, made, dropped, stopped: undefined, left: [] };
}

function parentOf(repo: Repository, source: Commit, { mainline, action }: PickOptions): Commit | undefined {
  const { parents, oid } = source;
  const refuse = (problem: string, hint: string): never => {
    throw new ToolError("INVALID_ARGUMENT", `${oid} ${problem}: it cannot be ${action}ed so`, { hint });
  };
  if (parents.length > 1 && mainline === undefined)
    return refuse("is a merge", "Say with mainline which parent to keep");
  const parent = parents[(mainline ?? 1) - 1];
  if (parent === undefined && (mainline ?? 1) > 1) return refuse(`has no parent ${mainline}`, "Leave mainline out");
  return parent === undefined ? undefined : repo.objects.commit(parent);
}

async function mergeOne(
  repo: Repository,
  ours: ObjectId,
  source: Commit,
  parent: Commit | undefined,
  { action, signal }: PickOptions,
): Promise<TreeMerge> {
  const before = parent?.tree ?? repo.objects.write("tree", Buffer.alloc(0));
  const name = markerName(repo, source);
  const parentName = `parent of ${name}`;
  const [base, theirs] = action === "pick" ? [before, source.tree] : [source.tree, before];
  const labels =
    action === "pick"
      ? { ours: "HEAD", theirs: name, base: parentName }
      : { ours: "HEAD", theirs: parentName, base: name };
  return mergeTrees(repo, { base, ours, theirs }, { labels, style: conflictStyle(repo.config), signal });
}

function messageOf(source: Commit, parent: Commit | undefined, { action, recordOrigin }: PickOptions): ByteString {
  const commit = inUtf8(source);
  return action === "pick" ? pickMessage(commit, recordOrigin ?? false) : revertMessage(commit, parent?.oid);
}

interface NewPick {
  readonly tree: ObjectId;
  readonly parent: ObjectId;
  readonly message: ByteString;
  readonly action: PickAction;
}

/** A picked commit keeps its author; one that reverts is ours. */
function commitPick(repo: Repository, source: Commit, { tree, parent, message, action }: NewPick): ObjectId {
  const moment = now();
  const committer = identityOf(repo.config, "committer", moment);
  const author = action === "pick" ? inUtf8(source).author : identityOf(repo.config, "author", moment);
  return createCommit(repo, { tree, parents: [parent], author, committer, message });
}
