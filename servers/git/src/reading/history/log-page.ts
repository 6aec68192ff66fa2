import * as z from "zod";
import type { ByteString } from "../../repository/bytes/byte-string.js";
import { logOfPath } from "../../repository/history/path-log.js";
import type { Commit } from "../../repository/objects/types.js";
import type { Repository } from "../../repository/repository.js";
import { parseDate } from "../../repository/revision/parse-date.js";
import { type CommitRange, parseRange } from "../../repository/revision/range.js";
import { repositoryPath } from "../repository-path.js";
import { type CommitFilter, commitFilter } from "./commit-filter.js";

export interface LogRequest extends CommitFilter {
  /** Revision or range; HEAD unless given. */
  readonly revision?: string | undefined;
  /** A file or directory that the commits changed something of. */
  readonly path?: string | undefined;
  /** Follow the file beyond its renames. */
  readonly follow?: boolean | undefined;
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  /** Most commits. */
  readonly count: number;
  readonly from?: LogPosition | undefined;
}

/** Where a page begins: the commits that the range stood for at first, so that new ones move nothing. */
export const logPosition = z.object({
  include: z.array(z.string()),
  exclude: z.array(z.string()),
  skip: z.number().int().nonnegative(),
});

export type LogPosition = z.output<typeof logPosition>;

export interface LogEntry {
  readonly commit: Commit;
  /** What a followed file was called then. */
  readonly path: ByteString | undefined;
}

export interface LogPage {
  readonly commits: readonly LogEntry[];
  /** Where it begins. */
  readonly from: LogPosition;
  /** Are there commits after these? */
  readonly more: boolean;
}

/**
 * One page of a history, newest first.
 * @throws ToolError NOT_FOUND, AMBIGUOUS, INVALID_ARGUMENT
 */
export async function logPage(repo: Repository, request: LogRequest, signal: AbortSignal): Promise<LogPage> {
  const { path, follow, since, until, count } = request;
  const from = request.from ?? { ...rangeOf(repo, request.revision), skip: 0 };
  const entries = logOfPath(repo, {
    ...from,
    paths: path === undefined ? [] : [repositoryPath(path)],
    follow,
    maxCount: count + 1,
    since: secondsOf(since),
    until: secondsOf(until),
    matches: commitFilter(request),
    signal,
  });
  const commits: LogEntry[] = [];
  for await (const entry of entries) commits.push(entry);
  return { commits: commits.slice(0, count), from, more: commits.length > count };
}

/** A repository without commits has an empty history. */
const rangeOf = (repo: Repository, revision: string | undefined): CommitRange =>
  revision === undefined && repo.refs.head().oid === undefined
    ? { include: [], exclude: [] }
    : parseRange(repo, revision ?? "HEAD");

const secondsOf = (date: string | undefined): number | undefined => (date === undefined ? undefined : parseDate(date));
