import { ToolError } from "@mcp-reference/validation";
import { reflogIdentity } from "../../changes/identity.js";
import { withIndexLock } from "../../changes/with-index-lock.js";
import type { ByteString } from "../../repository/bytes/byte-string.js";
import type { IndexLock } from "../../repository/index-file/index-lock.js";
import type { ObjectId } from "../../repository/object-id.js";
import type { Commit } from "../../repository/objects/types.js";
import type { Repository } from "../../repository/repository.js";
import { applyMerge } from "../apply-merge.js";
import { requireCleanIndex } from "../clean-index.js";
import { withConflictList } from "../commit-names.js";
import { headCommit } from "../head-commit.js";
import { GitDirFiles } from "../state/git-dir-files.js";
import { refuseWhileUnderWay } from "../state/operation.js";
import { type PickAction, type PickOptions, type PickRun, runPicks } from "./run-picks.js";
import { writeSequence } from "./sequencer.js";

/** What git calls each: the command of reflogs, and the file that names the commit while conflicts wait. */
const NAMES: Readonly<Record<PickAction, { readonly command: string; readonly headFile: string }>> = {
  pick: { command: "cherry-pick", headFile: "CHERRY_PICK_HEAD" },
  revert: { command: "revert", headFile: "REVERT_HEAD" },
};

export interface PickOutcome extends PickRun {
  /** What was checked out before. */
  readonly before: ObjectId;
}

/**
 * Picks or reverts commits onto what is checked out. Where one conflicts, those before it are committed, its conflicts wait in index
 * and worktree, and git or {@link continuePicks} can go on.
 *
 * @throws ToolError CONFLICT, before anything is touched, where local changes are in the way or something else is under way
 */
export const pickCommits = (repo: Repository, commits: readonly Commit[], options: PickOptions): Promise<PickOutcome> =>
  withIndexLock(repo, options.signal, (lock) => {
    refuseWhileUnderWay(repo);
    return pickLocked(repo, lock, commits, options);
  });

/** An earlier part of the same run. */
export interface EarlierPicks {
  /** What was checked out when it began; undefined where it was about a single commit. */
  readonly start: ObjectId | undefined;
  /** Forgets what was left to do: called when this part has taken it over. */
  end(): void;
}

export async function pickLocked(
  repo: Repository,
  lock: IndexLock,
  commits: readonly Commit[],
  options: PickOptions,
  earlier?: EarlierPicks,
): Promise<PickOutcome> {
  const { command } = NAMES[options.action];
  const { commit: head } = headCommit(repo);
  requireCleanIndex(repo, lock.index, head.tree, command);
  const run = await runPicks(repo, head.oid, head.tree, commits, options);
  await applyMerge(
    repo,
    lock,
    head.tree,
    { tree: run.tree, conflicts: run.stopped?.merge.conflicts ?? [] },
    {
      operation: command,
      signal: options.signal,
      record: () => {
        earlier?.end();
        record(repo, head.oid, run, options, earlier?.start ?? head.oid);
      },
    },
  );
  return { ...run, before: head.oid };
}

function record(repo: Repository, before: ObjectId, run: PickRun, options: PickOptions, start: ObjectId): void {
  const { command } = NAMES[options.action];
  const who = reflogIdentity(repo.config);
  let expected = before;
  for (const { oid, subject } of run.made) {
    repo.refs.update([{ ref: "HEAD", to: oid, expected }], { who, message: `${command}: ${subject}` });
    expected = oid;
  }
  if (options.commit === false && run.prepared !== undefined)
    new GitDirFiles(repo.layout).write("MERGE_MSG", run.prepared);
  if (run.stopped) recordStop(repo, run, run.stopped, options, start);
}

function recordStop(
  repo: Repository,
  run: PickRun,
  { source, merge, message }: NonNullable<PickRun["stopped"]>,
  options: PickOptions,
  start: ObjectId,
): void {
  const files = new GitDirFiles(repo.layout);
  files.write("MERGE_MSG", withConflictList(message, pathsOf(merge.conflicts)));
  files.write("AUTO_MERGE", `${merge.tree}\n`);
  if (options.commit === false) return;
  if (run.left.length > 0 || run.made.length > 0 || start !== run.tip) {
    const commits = [source, ...run.left];
    writeSequence(repo, options.action, { start, reached: run.tip, commits, options });
  }
  files.write(NAMES[options.action].headFile, `${source.oid}\n`);
}

const pathsOf = (conflicts: readonly { readonly path: ByteString }[]): ByteString[] =>
  conflicts.map(({ path }) => path);

/** Which of the two is waiting. @throws ToolError INVALID_ARGUMENT */
export function actionOf(operation: string | undefined): PickAction {
  if (operation === "cherry-pick") return "pick";
  if (operation === "revert") return "revert";
  throw new ToolError("INVALID_ARGUMENT", "No cherry-pick or revert is under way");
}
