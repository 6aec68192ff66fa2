import { type ByteString, textOf } from "../../repository/bytes/byte-string.js";
import type { Repository } from "../../repository/repository.js";
import { abbreviate } from "../../repository/revision/abbreviate.js";
import type { CommitRange } from "../../repository/revision/range.js";
import type { PatternRequest } from "../../repository/search/pattern.js";
import { type PickaxeMatch, pickaxe } from "../../repository/search/pickaxe.js";
import { subjectOf } from "../commits/commit-message.js";
import { signatureDate } from "../commits/signature.js";
import { shownPath } from "../shown-text.js";

export interface HistorySearch extends PatternRequest {
  readonly range: CommitRange;
  readonly paths: readonly ByteString[] | undefined;
  /** Commits that earlier pages have looked at. */
  readonly from: number;
  /** Most commits found. */
  readonly limit: number;
  readonly maxBytes: number;
  /** Milliseconds after which what was found so far is a page. */
  readonly timeLimit: number;
  readonly signal: AbortSignal;
}

/** Commits looked at before the first look at the clock. What is passed over again takes the less time the longer these are. */
const FIRST_STRETCH = 200;
/** Stretches that take less than this, in milliseconds, are followed by one twice as long. */
const SHORT = 1000;
/** Names of files that are shown of a commit. */
const MOST_FILES = 10;

/**
 * One page of the commits that added or removed a line with the pattern, each as a line with its files; `next` is where the next
 * page begins. A page ends with the time too, so that a search of any history comes to its end.
 */
export async function searchHistory(repo: Repository, search: HistorySearch) {
  const { range, limit, maxBytes, timeLimit } = search;
  const deadline = performance.now() + timeLimit;
  const lines: string[] = [];
  let room = maxBytes;
  let from = search.from;
  for (let length = FIRST_STRETCH; ; ) {
    const begun = performance.now();
    let looked = 0;
    const countCommit = () => {
      looked++;
      return true;
    };
    const stretch = { ...search, ...range, skip: from, maxCount: length, matches: countCommit };
    for await (const match of pickaxe(repo, { ...stretch, changes: "lines" })) {
      const line = describe(repo, match);
      room -= Buffer.byteLength(line) + 1;
      if (lines.length === limit || (room < 0 && lines.length > 0)) return { lines, next: looked - 1 };
      lines.push(line);
    }
    if (looked < from + length) return { lines, next: undefined };
    from += length;
    if (performance.now() > deadline) return { lines, next: from };
    if (performance.now() - begun < SHORT) length *= 2;
  }
}

function describe(repo: Repository, { commit, files }: PickaxeMatch): string {
  const names = files.slice(0, MOST_FILES).map(({ before, after }) => shownPath((after ?? before)?.path ?? ""));
  const more = files.length > MOST_FILES ? ` and ${files.length - MOST_FILES} more` : "";
  const day = signatureDate(commit.author).slice(0, 10);
  const heading = `${abbreviate(repo, commit.oid)} ${day} ${textOf(commit.author.name)}: ${subjectOf(commit).slice(0, 200)}`;
  return `${heading} [${names.join(", ")}${more}]`;
}
