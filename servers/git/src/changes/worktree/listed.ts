import { type ByteString, textOf } from "../../repository/bytes/byte-string.js";

const MOST_LISTED = 20;

/** Paths for a message: the first twenty, and how many more. */
export function listed(paths: readonly ByteString[]): string {
  const shown = paths.slice(0, MOST_LISTED).map(textOf).join(", ");
  return paths.length > MOST_LISTED ? `${shown} and ${paths.length - MOST_LISTED} more` : shown;
}
