import { ToolError } from "@mcp-reference/validation";
import { type ByteString, textOf } from "../../repository/bytes/byte-string.js";
import type { ObjectId } from "../../repository/object-id.js";
import type { Commit } from "../../repository/objects/types.js";
import { LockFile, PACKED_PATIENCE_MS } from "../../repository/refs/lock-file.js";
import { formatReflogLine } from "../../repository/refs/reflog-file.js";
import type { ReflogEntry } from "../../repository/refs/types.js";
import type { Repository } from "../../repository/repository.js";

export const STASH: ByteString = "refs/stash";

/** `stash@{0}` is the latest. */
export const stashes = (repo: Repository): readonly ReflogEntry[] => {
  if (repo.refs.resolve(STASH) === undefined) return [];
  return repo.refs.reflog(STASH);
};

/** What a stash holds: a commit on the one it was made on, with the index, and perhaps the untracked files, as further parents. */
export interface Stash {
  readonly commit: Commit;
  readonly base: Commit;
  readonly index: Commit;
  readonly untracked: Commit | undefined;
}

/** @throws ToolError NOT_FOUND; UNSUPPORTED for a commit that no stash looks like */
export function stashAt(repo: Repository, number: number): Stash {
  const all = stashes(repo);
  const entry = all[number];
  if (entry === undefined) {
    const there = all.length === 0 ? "nothing is stashed" : `the oldest is stash@{${all.length - 1}}`;
    throw new ToolError("NOT_FOUND", `There is no stash@{${number}}: ${there}`);
  }
  const commit = repo.objects.commit(entry.to);
  const [base, index, untracked] = commit.parents;
  if (base === undefined || index === undefined || commit.parents.length > 3) {
    throw new ToolError("UNSUPPORTED", `${textOf(STASH)}@{${number}} is not a stash`);
  }
  return {
    commit,
    base: repo.objects.commit(base),
    index: repo.objects.commit(index),
    untracked: untracked === undefined ? undefined : repo.objects.commit(untracked),
  };
}

/**
 * Takes one stash off the list, as `git stash drop`: its line goes from the reflog, and the ref moves where it was the latest.
 * @param expected what it must be, as numbers change
 * @throws ToolError CONFLICT when the list has changed meanwhile or is locked
 */
export function dropStash(repo: Repository, number: number, expected: ObjectId): void {
  const { commonDir } = repo.layout;
  const lock = LockFile.take(commonDir, STASH, PACKED_PATIENCE_MS);
  let isEmpty = false;
  try {
    const all = stashes(repo);
    if (all[number]?.to !== expected)
      throw new ToolError("CONFLICT", "The list of stashes has changed", { hint: "List it again" });
    const kept = all.filter((_, at) => at !== number);
    const [latest] = kept;
    isEmpty = latest === undefined;
    if (latest !== undefined) {
      replaceLog(repo, kept);
      if (number === 0) {
        lock.write(Buffer.from(`${latest.to}\n`));
        lock.commit();
      }
    }
  } finally {
    lock.release();
  }
  if (isEmpty) repo.refs.update([{ ref: STASH, to: undefined, expected }], dropLog(repo, expected));
}

/** A ref that goes takes its log along; what is told here is never read. */
const dropLog = (repo: Repository, oid: ObjectId): Pick<ReflogEntry, "who" | "message"> => ({
  who: repo.objects.commit(oid).committer,
  message: "stash: drop",
});

/** @param entries newest first */
function replaceLog(repo: Repository, entries: readonly ReflogEntry[]): void {
  const oldestFirst = [...entries].reverse();
  const lines = oldestFirst.map((entry, n) =>
    formatReflogLine({ ...entry, from: oldestFirst[n - 1]?.to ?? "0".repeat(40) }),
  );
  const lock = LockFile.take(repo.layout.commonDir, `logs/${STASH}`, PACKED_PATIENCE_MS);
  try {
    lock.write(Buffer.from(lines.join(""), "latin1"));
    lock.commit();
  } finally {
    lock.release();
  }
}
