import type { ReadSession } from "../../engine/types.js";

export type Status = "ok" | "warning" | "critical" | "unknown";

/** A line of evidence: names and figures as a person reads them. */
export type Evidence = Record<string, string | number | boolean | null>;

/** What a check found. */
export interface Finding {
  status: Status;
  /** One line. */
  summary: string;
  /** The worst first. */
  evidence?: Evidence[];
  /** What to do about it. */
  advice?: string | undefined;
}

/** One look at a database's health. It runs in a transaction of its own kind: an error in it ends nothing else. */
export interface HealthCheck {
  name: string;
  run(session: ReadSession, server: Server): Promise<Finding>;
}

/** What every check wants to know of the server first. */
export interface Server {
  /** It replays another server's changes: nothing is written or vacuumed here. */
  standby: boolean;
  /** PGlite: one session, no background processes. */
  embedded: boolean;
  /** This role sees other roles' sessions and statistics. */
  seesAll: boolean;
  /** Quoted. */
  role: string;
  /** Bytes of a block. */
  block: number;
}

export const grantMonitor = ({ role }: Server) => `GRANT pg_monitor TO ${role}`;

/** The gravest of some statuses. */
export function worst(statuses: readonly Status[]): Status {
  return GRAVITY.find((status) => statuses.includes(status)) ?? "ok";
}

const GRAVITY: readonly Status[] = ["critical", "warning", "unknown", "ok"];

/**
 * Relations somebody holds or awaits exclusively: asking for their size would wait too.
 * To be used as `oid NOT IN (${LOCKED})`.
 */
export const LOCKED = `SELECT relation FROM pg_locks WHERE relation IS NOT NULL AND mode = 'AccessExclusiveLock'`;
