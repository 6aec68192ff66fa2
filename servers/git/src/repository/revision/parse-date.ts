import { ToolError } from "@mcp-reference/validation";

const ISO = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2}))?)? ?(Z|[+-]\d{2}:?\d{2})?$/;
const AGO = /^(\d{1,6})[. ](second|minute|hour|day|week|month|year)s?[. ]ago$/;
const SECONDS: Record<string, number> = { second: 1, minute: 60, hour: 3600, day: 86_400, week: 604_800 };

/** Seconds since 1970 of a date: ISO 8601, `now`, `yesterday`, `3 days ago`. @throws ToolError UNSUPPORTED for any other */
export function parseDate(date: string, now = new Date()): number {
  const seconds = relative(date, now) ?? absolute(date, now);
  if (seconds !== undefined && !Number.isNaN(seconds)) return seconds;
  throw new ToolError("UNSUPPORTED", `"${date}" is not a date that is understood`, {
    hint: 'Write it as "2024-05-01 12:00:00 +0000", "yesterday" or "3 days ago"',
  });
}

function relative(date: string, now: Date): number | undefined {
  const today = Math.floor(now.getTime() / 1000);
  if (date === "now") return today;
  if (date === "yesterday") return today - 86_400;
  const [, digits, unit] = AGO.exec(date) ?? [];
  if (digits === undefined || unit === undefined) return undefined;
  const fixed = SECONDS[unit];
  if (fixed !== undefined) return today - Number(digits) * fixed;
  const back = new Date(now);
  back.setMonth(back.getMonth() - Number(digits) * (unit === "year" ? 12 : 1));
  return Math.floor(back.getTime() / 1000);
}

/** Without a time it is that day at the present time of day, as git has it; without a zone it is local. */
function absolute(date: string, now: Date): number | undefined {
  const [, year, month, day, hour, minute, second, zone] = ISO.exec(date) ?? [];
  if (year === undefined) return undefined;
  const local = new Date(now);
  local.setFullYear(Number(year), Number(month) - 1, Number(day));
  if (hour !== undefined) local.setHours(Number(hour), Number(minute), Number(second ?? 0), 0);
  if (zone === undefined) return Math.floor(local.getTime() / 1000);
  const wallClock = Date.UTC(
    local.getFullYear(),
    local.getMonth(),
    local.getDate(),
    local.getHours(),
    local.getMinutes(),
    local.getSeconds(),
  );
  return Math.floor(wallClock / 1000) - zoneSeconds(zone);
}

function zoneSeconds(zone: string): number {
  if (zone === "Z") return 0;
  const digits = zone.replace(":", "");
  const seconds = Number(digits.slice(1, 3)) * 3600 + Number(digits.slice(3)) * 60;
  return digits.startsWith("-") ? -seconds : seconds;
}
