/** Which lines of a file differ from the other file: 1 for those that do. One more than there are lines, the last always 0. */
export type ChangedLines = Uint8Array;

/** Both sides of a comparison: the numbers of their lines, and what has been found to differ. */
export interface Comparison {
  readonly before: ComparedSide;
  readonly after: ComparedSide;
}

export interface ComparedSide {
  readonly ids: Int32Array;
  readonly changed: ChangedLines;
}

export const sideOf = (ids: Int32Array): ComparedSide => ({ ids, changed: new Uint8Array(ids.length + 1) });
