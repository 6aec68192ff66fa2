/** `2026-01-31T12:00:00Z`, or undefined for a time that no calendar has: file systems keep those too. */
export function isoTime(mtimeMs: number): string | undefined {
  const date = new Date(mtimeMs);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString().replace(/\.\d+Z$/, "Z");
}
