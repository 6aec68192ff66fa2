import { ToolError } from "@mcp-reference/validation";
import { type ByteString, textOf } from "../bytes/byte-string.js";
import { isDirectory, isSubmodule } from "../file-mode.js";
import { type CommitNode, type CommitNodes, commitNodes } from "../history/commit-nodes.js";
import { DateQueue } from "../history/date-queue.js";
import { TreePaths, treePath } from "../history/tree-paths.js";
import type { ObjectId } from "../object-id.js";
import { Pace } from "../pace.js";
import type { Repository } from "../repository.js";
import { BlobLines } from "./blob-lines.js";
import { renamedFileIn, sameFileIn } from "./find-origin.js";
import { divide, type Segment, type Suspect } from "./suspect.js";
import type { BlameGroup, BlameOptions } from "./types.js";

/**
 * Which commit brought in each line of a file: as `git blame` (whole-file renames are followed, moved lines are not sought).
 * @param oid of the commit whose file is meant
 * @returns groups in the order of their lines
 * @throws ToolError NOT_FOUND for no such file, INVALID_ARGUMENT for no such line or a directory; the signal's reason
 */
export async function blame(
  repo: Repository,
  oid: ObjectId,
  path: ByteString,
  { from = 1, to, signal }: BlameOptions = {},
): Promise<BlameGroup[]> {
  const investigation = new Investigation(repo, signal);
  const suspect = fileAt(repo, investigation.nodes.get(oid), path);
  const count = investigation.lines.countLines(suspect.blob);
  if (count === 0 && from === 1) return [];
  if (from < 1 || from > count || (to ?? from) < from) {
    throw new ToolError(
      "INVALID_ARGUMENT",
      `${textOf(path)} has lines 1 to ${count}, not ${from} to ${to ?? "the end"}`,
    );
  }
  const segment = { line: from - 1, from: from - 1, count: Math.min(to ?? count, count) - from + 1 };
  return investigation.run(oid, { ...suspect, segments: [segment] });
}

function fileAt(repo: Repository, commit: CommitNode, path: ByteString): Suspect {
  const entry = TreePaths.of(repo.objects).entry(commit.tree, treePath(path));
  if (!entry) {
    throw new ToolError("NOT_FOUND", `There is no ${textOf(path)} in commit ${commit.oid.slice(0, 12)}`, {
      hint: "Give the path from the top of the repository, as it was in that commit",
    });
  }
  if (isDirectory(entry.mode) || isSubmodule(entry.mode))
    throw new ToolError("INVALID_ARGUMENT", `${textOf(path)} is no file`, { hint: "Name a file" });
  return { path, mode: entry.mode, blob: entry.oid, segments: [], previous: undefined };
}

/** Goes back in history, newest commits first, and hands lines on to the parents that have them already. */
class Investigation {
  readonly nodes: CommitNodes;
  readonly lines: BlobLines;
  readonly #repo: Repository;
  readonly #signal: AbortSignal | undefined;
  readonly #pace: Pace;
  readonly #queue = new DateQueue<CommitNode>();
  readonly #suspects = new Map<ObjectId, Suspect[]>();
  readonly #found: BlameGroup[] = [];

  constructor(repo: Repository, signal: AbortSignal | undefined) {
    this.nodes = commitNodes(repo);
    this.lines = new BlobLines(repo.objects);
    this.#repo = repo;
    this.#signal = signal;
    this.#pace = new Pace(signal);
  }

  async run(oid: ObjectId, suspect: Suspect): Promise<BlameGroup[]> {
    this.#signal?.throwIfAborted();
    this.#suspect(oid, suspect, suspect.segments);
    for (let commit = this.#queue.pop(); commit; commit = this.#queue.pop()) {
      const suspects = this.#suspects.get(commit.oid) ?? [];
      this.#suspects.delete(commit.oid);
      for (const each of suspects) {
        await this.#passOn(commit, each);
        this.#convict(commit, each);
      }
    }
    return joinGroups(this.#found);
  }

  /** Adds lines to what a commit is suspected of. */
  #suspect(commit: ObjectId, suspect: Suspect, segments: readonly Segment[]): void {
    if (segments.length === 0) return;
    const suspects = this.#suspects.get(commit);
    const known = suspects?.find(({ path }) => path === suspect.path);
    if (known) known.segments = [...known.segments, ...segments];
    else if (suspects) suspects.push({ ...suspect, segments });
    else {
      this.#suspects.set(commit, [{ ...suspect, segments }]);
      this.#queue.push(this.nodes.get(commit));
    }
  }

  async #passOn(commit: CommitNode, suspect: Suspect): Promise<void> {
    if (this.#pace.due()) await this.#pace.pause();
    const parents = await this.#origins(commit, suspect);
    const twin = parents.find(({ origin }) => origin.blob === suspect.blob);
    if (twin) {
      this.#suspect(twin.oid, twin.origin, suspect.segments);
      suspect.segments = [];
      return;
    }
    for (const { oid, origin } of parents) {
      suspect.previous ??= { commit: oid, path: origin.path };
      const { inherited, own } = divide(suspect.segments, this.lines.changes(origin.blob, suspect.blob));
      this.#suspect(oid, origin, inherited);
      suspect.segments = own;
      if (own.length === 0) return;
      if (this.#pace.due()) await this.#pace.pause();
    }
  }

  /** The suspect's file in each parent that has it, first under its own name in all, then under another; none twice. */
  async #origins(commit: CommitNode, suspect: Suspect): Promise<{ oid: ObjectId; origin: Suspect }[]> {
    const parents = commit.parents.map((parent) => this.nodes.get(parent));
    const origins = parents.map((parent) => sameFileIn(this.#repo, parent, suspect));
    if (!origins.some((origin) => origin?.blob === suspect.blob)) {
      for (const [index, parent] of parents.entries())
        origins[index] ??= await renamedFileIn(this.#repo, { commit, parent, suspect }, this.#signal);
    }
    const seen = new Set<ObjectId>();
    return parents.flatMap(({ oid }, index) => {
      const origin = origins[index];
      if (!origin || seen.has(origin.blob)) return [];
      seen.add(origin.blob);
      return [{ oid, origin }];
    });
  }

  #convict(commit: CommitNode, { path, segments, previous }: Suspect): void {
    for (const { line, from, count } of segments) {
      this.#found.push({
        commit: commit.oid,
        path,
        line: line + 1,
        originalLine: from + 1,
        count,
        boundary: commit.parents.length === 0,
        previous,
      });
    }
  }
}

/** Sorts groups and joins those that go on where another ends. */
function joinGroups(groups: readonly BlameGroup[]): BlameGroup[] {
  const joined: BlameGroup[] = [];
  for (const group of [...groups].sort((one, other) => one.line - other.line)) {
    const last = joined.at(-1);
    const goesOn =
      last?.commit === group.commit &&
      last.path === group.path &&
      last.originalLine + last.count === group.originalLine &&
      last.line + last.count === group.line;
    if (last && goesOn) joined[joined.length - 1] = { ...last, count: last.count + group.count };
    else joined.push(group);
  }
  return joined;
}
