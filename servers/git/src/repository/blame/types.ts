import type { ByteString } from "../bytes/byte-string.js";
import type { ObjectId } from "../object-id.js";

/** Lines in a row that one commit brought in. */
export interface BlameGroup {
  readonly commit: ObjectId;
  /** What the file was called there. */
  readonly path: ByteString;
  /** First line in the file that was asked about, counted from 1. */
  readonly line: number;
  /** First line in the commit's file, counted from 1. */
  readonly originalLine: number;
  readonly count: number;
  /** History ends there: the lines may be older. */
  readonly boundary: boolean;
  /** Where the commit's file came from, if from anything. */
  readonly previous: { readonly commit: ObjectId; readonly path: ByteString } | undefined;
}

export interface BlameOptions {
  /** First and last line that are wanted, counted from 1; those of the whole file unless given. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}
