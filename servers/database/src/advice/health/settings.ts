import { counted } from "../amounts.js";
import type { HealthCheck } from "./health-check.js";

/** Settings that cost data or speed when they are as they are. */
const RISKS: Record<string, { risk: string; critical: boolean }> = {
  fsync: { risk: "a crash can destroy the database", critical: true },
  full_page_writes: { risk: "a crash can destroy pages", critical: true },
  autovacuum: { risk: "dead rows pile up and statistics age", critical: false },
  track_counts: { risk: "autovacuum is blind", critical: false },
  zero_damaged_pages: { risk: "damaged pages are lost silently", critical: true },
  ignore_checksum_failure: { risk: "damaged pages are read as good", critical: true },
  synchronous_commit: { risk: "the last commits are lost in a crash", critical: false },
};

/** Off is the danger in all but these. */
const DANGEROUS_ON = ["zero_damaged_pages", "ignore_checksum_failure"];

/** Settings that endanger data, changes that wait for a restart, and damaged pages. */
export const settings = (): HealthCheck => ({
  name: "settings",
  async run(session, { embedded }) {
    const found = await session.rows<{ name: string; setting: string; pending: boolean }>(SETTINGS, [
      Object.keys(RISKS),
      DANGEROUS_ON,
    ]);
    const [damage] = await session.rows<{ failures: number | null }>(
      "SELECT checksum_failures AS failures FROM pg_stat_database WHERE datname = current_database()",
    );
    const failures = damage?.failures ?? 0;
    // The embedded database has no other processes, and its files are synchronised by its owner.
    const risky = embedded ? [] : found;
    const critical = failures > 0 || risky.some(({ name, pending }) => !pending && RISKS[name]?.critical);
    if (risky.length + failures === 0) return { status: "ok", summary: "No dangerous setting" };
    return {
      status: critical ? "critical" : "warning",
      summary: `${counted(risky.length, "setting")} to look at${failures > 0 ? `, ${counted(failures, "damaged page")} found` : ""}`,
      evidence: risky.map(({ name, setting, pending }) => ({
        setting: name,
        value: setting,
        risk: pending ? "changed, waits for a restart" : (RISKS[name]?.risk ?? ""),
      })),
      advice:
        failures > 0
          ? "Restore damaged pages from a backup or standby before anything else"
          : "ALTER SYSTEM SET …, then reload or restart",
    };
  },
});

const SETTINGS = `
SELECT name, setting, pending_restart AS pending FROM pg_settings
WHERE pending_restart OR name = ANY ($1::text[]) AND setting = CASE WHEN name = ANY ($2::text[]) THEN 'on' ELSE 'off' END ORDER BY name`;
