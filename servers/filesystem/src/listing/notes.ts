import type { Omissions } from "../walk/tasks.js";
import type { ListedPage } from "./list-page.js";

/** A cursor of up to 4,096 characters, and some words. */
const NOTE_BYTES = 4608;

/** Bytes of a result that are left for lines beside a note. */
export const roomForLines = (maxOutput: number) => maxOutput - Math.min(NOTE_BYTES, maxOutput >> 1);

/** What a reader must know about a page: which part of the list it is, how to go on, what is kept from view. */
export function describePage({ from, lines, total, hidden, nextCursor }: ListedPage): string | undefined {
  const whole = from === 0 && nextCursor === undefined;
  const range = !whole && lines.length > 0 && `Entries ${from + 1}–${from + lines.length} of ${total}.`;
  return joinNotes(range, continueWith(nextCursor), describeHidden(hidden));
}

export const continueWith = (cursor: string | undefined) => cursor !== undefined && `Continue with cursor "${cursor}".`;

export const describeHidden = (hidden: number) =>
  hidden > 0 && `${hidden} ${hidden === 1 ? "entry is" : "entries are"} hidden by the secrets policy.`;

/** What a walk did not look into. */
export const describeOmissions = ({ hidden, unreadable }: Omissions) =>
  joinNotes(describeHidden(hidden), unreadable > 0 && `${unreadable} could not be read.`);

export const joinNotes = (...notes: (string | false | undefined)[]) => notes.filter(Boolean).join(" ") || undefined;
