import { describe, expect, it } from "vitest";
import { parseMoment } from "./moment.js";

const NOW = Date.UTC(2026, 0, 31, 12) / 1000;

describe("parseMoment", () => {
  it.each([
    ["2026-01-15T14:30:25Z", Date.UTC(2026, 0, 15, 14, 30, 25) / 1000],
    ["2026-01-15T14:30:25+02:00", Date.UTC(2026, 0, 15, 12, 30, 25) / 1000],
    ["2026-01-15", new Date(2026, 0, 15).getTime() / 1000],
    ["2026-01-15T10:00", new Date(2026, 0, 15, 10).getTime() / 1000],
    ["now", NOW],
    ["Yesterday", NOW - 86_400],
    ["2 weeks ago", NOW - 14 * 86_400],
    ["an hour ago", NOW - 3600],
    ["1 day ago", NOW - 86_400],
  ])("reads %s", (written, seconds) => {
    expect(parseMoment(written, NOW)).toBe(seconds);
  });

  it.each(["", "soon", "2 parsecs ago", "-1 days ago", "12", "2026-13-45"])("refuses %j", (written) => {
    expect(() => parseMoment(written, NOW)).toThrow(/is no date/);
  });
});
