import * as z from "zod";
import { type ByteString, textOf } from "../repository/bytes/byte-string.js";
import type { Repository } from "../repository/repository.js";

/** Names and lines in a result; the rest is in `git_list_conflicts`. */
const MOST_SHOWN = 100;

/** What merge, cherry-pick, revert and rebase answer. */
export const mergeOutput = z.object({
  result: z.string().describe("conflicts: they wait in index and worktree"),
  head: z.string().describe("Commit that is checked out now"),
  commits: z.array(z.string()).optional().describe("Made, oldest first"),
  dropped: z.array(z.string()).optional().describe("Commits with nothing left to apply"),
  conflicts: z.array(z.string()).optional().describe("Paths to resolve"),
  messages: z.array(z.string()).optional().describe("What happened to single paths"),
  next: z.string().optional().describe("What to do now"),
  undo: z.string().optional().describe("How to get back to before"),
  note: z.string().optional().describe("Hooks that were not run"),
});

export type MergeOutput = z.input<typeof mergeOutput>;

export interface MergeFacts {
  readonly result: string;
  readonly commits?: readonly string[];
  readonly dropped?: readonly string[];
  readonly conflicts?: readonly { readonly path: ByteString }[];
  readonly messages?: readonly ByteString[];
  /** How to get back to before. */
  readonly undo?: string | undefined;
  readonly note?: string | undefined;
}

/** @param tool that is to be called again when conflicts are resolved */
export function mergeResult(repo: Repository, tool: string, facts: MergeFacts): MergeOutput {
  const { result, undo, note } = facts;
  const shown = (list: readonly string[] = []): string[] | undefined =>
    list.length === 0 ? undefined : list.slice(0, MOST_SHOWN).map(textOf);
  const lists = {
    commits: shown(facts.commits),
    dropped: shown(facts.dropped),
    conflicts: shown(facts.conflicts?.map(({ path }) => path)),
    messages: shown(facts.messages),
  };
  const next =
    lists.conflicts && `Resolve the conflicts, git_add the files, then ${tool} with action continue; or abort`;
  return {
    result,
    head: repo.refs.head().oid ?? "",
    ...Object.fromEntries(Object.entries({ ...lists, next, undo, note }).filter(([, value]) => value !== undefined)),
  };
}

/** How to bring back what an abort gave up. */
export const undoOfAbort = (ref: ByteString | undefined): string | undefined =>
  ref && `${textOf(ref)} keeps what was given up`;
