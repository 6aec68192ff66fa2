import type { ReadSession } from "../../engine/types.js";
import { bytes, counted, duration } from "../amounts.js";
import {
  type Evidence,
  type Finding,
  grantMonitor,
  type HealthCheck,
  type Server,
  type Status,
  worst,
} from "./health-check.js";

interface Limits {
  /** Bytes of WAL that a standby may be behind, or a slot may retain. */
  behind: number;
  /** Seconds that this standby may be behind. */
  lag: number;
}

/** How far standbys are behind, and what replication slots keep from being removed. */
export const replication = (limits: Limits = { behind: 1024 ** 3, lag: 300 }): HealthCheck => ({
  name: "replication",
  run: (session, server) => (server.standby ? onStandby(session, server, limits) : onPrimary(session, server, limits)),
});

async function onPrimary(session: ReadSession, server: Server, { behind }: Limits): Promise<Finding> {
  const standbys = await session.rows<{
    name: string;
    state: string | null;
    mode: string | null;
    behind: number | null;
  }>(STANDBYS);
  const slots = await session.rows<Slot>(SLOTS);
  if (standbys.length + slots.length === 0) {
    return {
      status: "ok",
      summary: server.embedded ? "The embedded database does not replicate" : "No standby and no replication slot",
    };
  }
  const hidden = standbys.some(({ state }) => state === null);
  const late = standbys.filter((standby) => (standby.behind ?? 0) >= behind);
  const statuses: Status[] = [
    ...slots.map((slot) => slotStatus(slot, behind)),
    late.length > 0 ? "warning" : "ok",
    hidden ? "unknown" : "ok",
  ];
  return {
    status: worst(statuses),
    summary: `${counted(standbys.length, "standby")}, ${late.length} of them over ${bytes(behind)} behind; ${counted(slots.length, "slot")}${hidden ? "; how far standbys are is hidden" : ""}`,
    evidence: [
      ...slots
        .sort((a, b) => (b.retained ?? 0) - (a.retained ?? 0))
        .map(
          (slot): Evidence => ({
            name: `slot ${slot.name}`,
            state: slot.active ? "active" : "INACTIVE",
            "WAL kept": slot.retained === null ? "" : bytes(slot.retained),
            "WAL status": slot.status ?? "",
          }),
        ),
      ...standbys.map(
        ({ name, state, mode, behind: far }): Evidence => ({
          name,
          state: [state, mode].filter(Boolean).join(", "),
          behind: far === null ? "" : bytes(Math.max(far, 0)),
        }),
      ),
    ],
    advice: [
      ...(slots.some((slot) => slotStatus(slot, behind) !== "ok")
        ? [
            "An inactive slot keeps WAL until the disk is full: bring its consumer back, or pg_drop_replication_slot(name), and set max_slot_wal_keep_size",
          ]
        : []),
      ...(late.length > 0 ? ["Look at the standby's disk, network and long queries"] : []),
      ...(hidden ? [grantMonitor(server)] : []),
    ].join(". "),
  };
}

interface Slot {
  name: string;
  active: boolean;
  retained: number | null;
  status: string | null;
}

function slotStatus({ active, retained, status }: Slot, behind: number): Status {
  if (status === "lost" || status === "unreserved") return "critical";
  return (retained ?? 0) >= behind && !active ? "critical" : (retained ?? 0) >= behind ? "warning" : "ok";
}

async function onStandby(session: ReadSession, server: Server, { lag }: Limits): Promise<Finding> {
  const [replay] = await session.rows<{ seconds: number | null; paused: boolean; pending: number | null }>(REPLAY);
  const [receiver] = await session.rows<{ status: string | null }>("SELECT status FROM pg_stat_wal_receiver");
  const { seconds = null, paused = false, pending = 0 } = replay ?? {};
  // With nothing left to replay the last transaction is old because the primary is quiet.
  const late = (pending ?? 0) > 0 && (seconds ?? 0) >= lag;
  const connected = receiver !== undefined;
  return {
    status: late ? "critical" : paused || !connected ? "warning" : "ok",
    summary: `A standby: ${bytes(Math.max(pending ?? 0, 0))} of received WAL not replayed, last transaction ${seconds === null ? "not known" : `${duration(seconds * 1000)} old`}${paused ? ", replay is PAUSED" : ""}${connected ? "" : ", no connection to the primary"}`,
    advice: [
      ...(late
        ? ["Look for long queries here that hold replay back (max_standby_streaming_delay), and at disk and network"]
        : []),
      ...(paused ? ["SELECT pg_wal_replay_resume()"] : []),
      ...(connected
        ? []
        : ["It may restore from an archive; otherwise look at primary_conninfo and the primary's log"]),
      ...(server.seesAll ? [] : [grantMonitor(server)]),
    ].join(". "),
  };
}

const STANDBYS = `
SELECT coalesce(nullif(application_name, ''), 'standby') AS name, state, sync_state AS mode,
  pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn)::float8 AS behind
FROM pg_stat_replication ORDER BY 4 DESC NULLS LAST LIMIT 50`;

const SLOTS = `
SELECT slot_name AS name, active, wal_status AS status, pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn)::float8 AS retained
FROM pg_replication_slots ORDER BY 4 DESC NULLS LAST LIMIT 50`;

const REPLAY = `
SELECT extract(epoch FROM now() - pg_last_xact_replay_timestamp())::float8 AS seconds, pg_is_wal_replay_paused() AS paused,
  pg_wal_lsn_diff(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn())::float8 AS pending`;
