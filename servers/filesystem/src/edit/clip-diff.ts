import { roomForLines } from "../listing/notes.js";

/** As many lines of a diff as a result may hold: the change is made by then and must not end in an error. */
export function clipDiff(diff: string, maxBytes: number): { shown: string; remark?: string | undefined } {
  const bytes = Buffer.from(diff);
  const limit = roomForLines(maxBytes);
  if (bytes.length <= limit) return { shown: diff };
  const shown = bytes.subarray(0, bytes.lastIndexOf("\n", limit) + 1).toString();
  return { shown, remark: `The diff has ${bytes.length} bytes; only its beginning is shown (--max-output).` };
}
