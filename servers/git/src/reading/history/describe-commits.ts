import { textOf } from "../../repository/bytes/byte-string.js";
import type { Repository } from "../../repository/repository.js";
import { abbreviate } from "../../repository/revision/abbreviate.js";
import { messageOf, subjectOf } from "../commits/commit-message.js";
import { signatureDate, signatureName } from "../commits/signature.js";
import type { LogEntry, LogPage, LogPosition } from "./log-page.js";
import { refNames } from "./ref-names.js";

/** Characters of a message, and of its subject, that are shown: a commit can hold any amount. */
const LONGEST_MESSAGE = 20_000;
const LONGEST_SUBJECT = 500;
/** Names of a commit that are shown. */
const MOST_REFS = 20;

interface Wanted {
  /** Whole ids, addresses and messages. */
  readonly details: boolean;
  /** Most bytes that the commits may take as JSON; one is always given. */
  readonly maxBytes: number;
}

/** The commits of a page as a tool gives them, as many as fit, and where the next page begins. */
export function describeCommits(repo: Repository, { commits, from, more }: LogPage, { details, maxBytes }: Wanted) {
  const names = refNames(repo);
  const described: ReturnType<typeof rowOf>[] = [];
  let room = maxBytes;
  for (const entry of commits) {
    const row = rowOf(repo, entry, names.get(entry.commit.oid), { details, maxBytes });
    room -= Buffer.byteLength(JSON.stringify(row));
    if (room < 0 && described.length > 0) break;
    described.push(row);
  }
  const isWhole = described.length === commits.length && !more;
  const next: LogPosition | undefined = isWhole ? undefined : { ...from, skip: from.skip + described.length };
  return { commits: described, next };
}

const rowOf = (
  repo: Repository,
  entry: LogEntry,
  refs: readonly string[] | undefined,
  { details, maxBytes }: Wanted,
) => ({
  ...(details ? wholeCommit(entry, Math.min(LONGEST_MESSAGE, maxBytes / 4)) : shortCommit(repo, entry)),
  ...(refs && { refs: refs.slice(0, MOST_REFS) }),
  ...(entry.path !== undefined && { path: textOf(entry.path) }),
});

function shortCommit(repo: Repository, { commit }: LogEntry) {
  const { oid, author } = commit;
  return {
    commit: abbreviate(repo, oid),
    date: signatureDate(author),
    author: textOf(author.name),
    subject: clip(subjectOf(commit), LONGEST_SUBJECT),
  };
}

function wholeCommit({ commit }: LogEntry, longestMessage: number) {
  const { oid, author, committer, parents } = commit;
  const [written, made] = [signatureName(author), signatureName(committer)];
  return {
    commit: oid,
    date: signatureDate(author),
    author: written,
    ...(made !== written && { committer: made }),
    parents: [...parents],
    message: clip(messageOf(commit), longestMessage),
  };
}

const clip = (text: string, length: number): string => (text.length > length ? `${text.slice(0, length)}…` : text);
