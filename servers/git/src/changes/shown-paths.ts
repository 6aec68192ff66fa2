import { type ByteString, textOf } from "../repository/bytes/byte-string.js";

/** Paths that a result names; it counts the others. */
const MOST_SHOWN = 200;

/** The first paths of many, as text. */
export const shownPaths = (paths: readonly ByteString[]): string[] => paths.slice(0, MOST_SHOWN).map(textOf);
