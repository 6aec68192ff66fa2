import type { TextPart } from "./read-text.js";

/** Room that a note takes in a result beside the text. */
export const NOTE_BYTES = 512;

/** What a reader of this part must know: which lines they are and how to go on. Nothing for a whole, sound file. */
export function describePart(part: TextPart): string | undefined {
  return [describeLines(part), part.damaged && DAMAGED].filter(Boolean).join(" ") || undefined;
}

/** Said beside a text with U+FFFD in it. */
export const DAMAGED =
  "Bytes that are not valid in this encoding are shown as U+FFFD; name the right encoding to read them.";

function describeLines({ from, count, total, whole, cut }: TextPart): string | undefined {
  if (whole) return undefined;
  const limited = cut === "lines" ? ", as many as --max-output lets through" : "";
  if (from === undefined) {
    return cut === "line"
      ? "The end of the last line, which is longer than --max-output lets through."
      : `The last ${count} lines${limited}.`;
  }
  const to = from + count - 1;
  const next = total === undefined ? ` Continue with offset ${to + 1}.` : "";
  if (cut === "line") return `A part of line ${from}, which is longer than --max-output lets through.${next}`;
  return `Lines ${from}–${to}${total === undefined ? "" : ` of ${total}`}${limited}.${next}`;
}
