import { ToolError } from "@mcp-reference/validation";

const SECONDS = { second: 1, minute: 60, hour: 3600, day: 86_400, week: 604_800, month: 2_629_800, year: 31_557_600 };

const AGO = /^(\d{1,6}|an?)\s+(second|minute|hour|day|week|month|year)s?\s+ago$/i;

/**
 * A moment as people write it: `2026-01-15`, `2026-01-15T14:30:25Z`, `2 weeks ago`, `yesterday`, `now`.
 * A day or time without a zone is one of this machine's.
 * @returns seconds since 1970
 * @throws ToolError INVALID_ARGUMENT
 */
export function parseMoment(written: string, now = Date.now() / 1000): number {
  const words = written.trim().toLowerCase();
  if (words === "now" || words === "today") return Math.floor(now);
  if (words === "yesterday") return Math.floor(now - SECONDS.day);
  const [, count, unit] = AGO.exec(words) ?? [];
  if (count && unit) {
    return Math.floor(now - (/^an?$/.test(count) ? 1 : Number(count)) * SECONDS[unit as keyof typeof SECONDS]);
  }
  // A day alone would be read as UTC, a day with a time as local: both are local here.
  const milliseconds = Date.parse(/^\d{4}-\d\d-\d\d$/.test(words) ? `${words}T00:00` : written.trim());
  if (Number.isNaN(milliseconds) || !/\d{4}/.test(words)) {
    throw new ToolError("INVALID_ARGUMENT", `${JSON.stringify(written)} is no date`, {
      hint: 'Write 2026-01-15, 2026-01-15T14:30:25Z or "2 weeks ago"',
    });
  }
  return Math.floor(milliseconds / 1000);
}
