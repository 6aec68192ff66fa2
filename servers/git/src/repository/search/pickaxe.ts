import { LRUCache } from "lru-cache";
import type { ByteString } from "../bytes/byte-string.js";
import { isBinary } from "../diff/binary-content.js";
import { diffSplitLines } from "../diff/line-diff.js";
import { type Lines, splitLines } from "../diff/lines.js";
import { contentForDiff } from "../diff/patch.js";
import { detectRenamesInTurns } from "../diff/renames.js";
import { diffTrees } from "../diff/tree-diff.js";
import type { FileChange, FileVersion } from "../diff/types.js";
import { isSubmodule } from "../file-mode.js";
import { commitNodes } from "../history/commit-nodes.js";
import { logOfPath, type PathLogOptions } from "../history/path-log.js";
import type { Commit } from "../objects/types.js";
import { Pace } from "../pace.js";
import type { Repository } from "../repository.js";
import { compilePattern } from "./compile-pattern.js";
import { hasMatchingLine, type Pattern, type PatternRequest } from "./pattern.js";

export interface PickaxeRequest extends PatternRequest, Omit<PathLogOptions, "paths" | "follow"> {
  /** `occurrences`: their number changes (`-S`); `lines`: a line with a match is added or removed (`-G`). */
  readonly changes: "occurrences" | "lines";
  /** Files and directories, from the top of the repository; everything unless given. */
  readonly paths?: readonly ByteString[] | undefined;
}

/** A commit that changes what is looked for, and the files in which it does. */
export interface PickaxeMatch {
  readonly commit: Commit;
  readonly files: readonly FileChange[];
}

/**
 * Looks for a pattern in what commits changed, as `git log -S` and `git log -G` do: renames count as the same file, merges are
 * passed over. `skip` and `maxCount` count the commits that are looked at; stop iterating once there are enough.
 * @throws ToolError INVALID_ARGUMENT for a bad pattern; what the walk throws; the signal's reason
 */
export async function* pickaxe(repo: Repository, request: PickaxeRequest): AsyncGenerator<PickaxeMatch, void> {
  const { paths = [], signal, changes: kind } = request;
  const pattern = await compilePattern(request);
  const nodes = commitNodes(repo);
  const pace = new Pace(signal);
  const matches = kind === "lines" ? changedLinesMatch(repo, pattern) : countDiffers(repo, pattern);
  for await (const { commit } of logOfPath(repo, { ...request, paths })) {
    const [parent, ...others] = commit.parents;
    if (others.length > 0 && !request.firstParent) continue;
    const before = parent === undefined ? undefined : nodes.get(parent).tree;
    const changes = diffTrees(repo, before, commit.tree, { paths });
    const files: FileChange[] = [];
    for (const change of await withRenames(repo, changes, signal)) {
      if (pace.due()) await pace.pause();
      if (matches(change)) files.push(change);
    }
    if (files.length > 0) yield { commit, files };
  }
}

async function withRenames(
  { objects }: Repository,
  changes: readonly FileChange[],
  signal: AbortSignal | undefined,
): Promise<readonly FileChange[]> {
  const mayHaveRenames = changes.some(({ before }) => !before) && changes.some(({ after }) => !after);
  if (!mayHaveRenames) return changes;
  return detectRenamesInTurns(changes, ({ oid }) => objects.blob(oid ?? ""), {
    sizeOf: ({ oid }) => objects.header(oid ?? "").size,
    signal,
  });
}

/** Counts that are kept: most versions are looked at twice, as what was and as what became of it. */
const KEPT_COUNTS = 20_000;

const contentOf = ({ objects }: Repository, version: FileVersion | undefined): Buffer =>
  contentForDiff(version, ({ oid }) => objects.blob(oid ?? ""));

function countDiffers(repo: Repository, pattern: Pattern): (change: FileChange) => boolean {
  const counts = new LRUCache<string, number>({ max: KEPT_COUNTS });
  const count = (version: FileVersion | undefined): number => {
    if (!version) return 0;
    const key = isSubmodule(version.mode) ? `submodule ${version.oid}` : (version.oid ?? "");
    const known = counts.get(key) ?? pattern.count(contentOf(repo, version));
    counts.set(key, known);
    return known;
  };
  return ({ before, after }) => before?.oid !== after?.oid && count(before) !== count(after);
}

function changedLinesMatch(repo: Repository, pattern: Pattern): (change: FileChange) => boolean {
  return ({ before, after }) => {
    if (before?.oid === after?.oid) return false;
    const old = contentOf(repo, before);
    const now = contentOf(repo, after);
    if (isBinary(old) || isBinary(now)) return false;
    if (!hasMatchingLine(pattern, old) && !hasMatchingLine(pattern, now)) return false;
    const oldLines = splitLines(old);
    const nowLines = splitLines(now);
    return diffSplitLines(oldLines, nowLines).some(
      ({ beforeStart, beforeEnd, afterStart, afterEnd }) =>
        hasMatchingLine(pattern, linesBetween(oldLines, beforeStart, beforeEnd)) ||
        hasMatchingLine(pattern, linesBetween(nowLines, afterStart, afterEnd)),
    );
  };
}

const linesBetween = ({ content, starts }: Lines, from: number, to: number): Buffer =>
  content.subarray(starts[from], starts[to]);
