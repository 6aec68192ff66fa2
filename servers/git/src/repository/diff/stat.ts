import type { ByteString } from "../bytes/byte-string.js";
import { isBinary } from "./binary-content.js";
import { diffLines, type LineDiffOptions } from "./line-diff.js";
import type { FileChange, FileVersion } from "./types.js";

/** How much a file changed, as `git diff --numstat` counts it. */
export interface FileStat {
  /** Lines; 0 for binary files. */
  readonly added: number;
  readonly deleted: number;
  readonly binary: boolean;
}

export interface StatOptions extends Omit<LineDiffOptions, "trimEnd"> {
  /** What the attribute `diff` says of the path: true text, false binary. Otherwise the content tells. */
  readonly isText?: ((path: ByteString) => boolean | undefined) | undefined;
}

/** @param before content of `change.before` as it is compared; ignored where that is absent */
export function diffStat(change: FileChange, before: Buffer, after: Buffer, options: StatOptions = {}): FileStat {
  const old = change.before ? before : NOTHING;
  const now = change.after ? after : NOTHING;
  const binary =
    isBinaryVersion(change.before, old, options.isText) || isBinaryVersion(change.after, now, options.isText);
  if (binary || old.equals(now)) return { added: 0, deleted: 0, binary };
  let added = 0;
  let deleted = 0;
  for (const { beforeStart, beforeEnd, afterStart, afterEnd } of diffLines(old, now, options)) {
    added += afterEnd - afterStart;
    deleted += beforeEnd - beforeStart;
  }
  return { added, deleted, binary };
}

const NOTHING = Buffer.alloc(0);

/** Does a file that is there count as binary? */
export function isBinaryVersion(
  version: FileVersion | undefined,
  content: Buffer,
  isText: StatOptions["isText"],
): boolean {
  return version !== undefined && !(isText?.(version.path) ?? !isBinary(content));
}
