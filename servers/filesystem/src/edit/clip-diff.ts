/** Room for what is said beside a diff. */
const NOTE_BYTES = 4096;

/** As many lines of a diff as a result may hold: the change is made by then and must not end in an error. */
export function clipDiff(diff: string, maxBytes: number): { shown: string; remark?: string | undefined } {
  const bytes = Buffer.from(diff);
  const limit = Math.max(0, maxBytes - NOTE_BYTES);
  if (bytes.length <= limit) return { shown: diff };
  const shown = bytes.subarray(0, bytes.lastIndexOf("\n", limit) + 1).toString();
  return { shown, remark: `The diff has ${bytes.length} bytes; only its beginning is shown (--max-output).` };
}
