import type { Commit } from "../../repository/objects/types.js";
import { messageOf } from "../commits/commit-message.js";
import { signatureName } from "../commits/signature.js";

export interface CommitFilter {
  /** Part of the author's name or address, in any case. */
  readonly author?: string | undefined;
  /** Part of the message, in any case. */
  readonly grep?: string | undefined;
}

/** Tells the commits that are asked for; undefined where all are. */
export function commitFilter({ author, grep }: CommitFilter): ((commit: Commit) => boolean) | undefined {
  if (author === undefined && grep === undefined) return undefined;
  const [wantedAuthor, wantedText] = [author?.toLowerCase(), grep?.toLowerCase()];
  return (commit) =>
    (wantedAuthor === undefined || signatureName(commit.author).toLowerCase().includes(wantedAuthor)) &&
    (wantedText === undefined || messageOf(commit).toLowerCase().includes(wantedText));
}
