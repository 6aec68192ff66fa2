import { readFileSync, readlinkSync } from "node:fs";
import { hostname, uptime } from "node:os";
import * as z from "zod";

/** What tells a process from every other, also from one that got its number later. */
export const processIdentity = z.object({
  pid: z.number().int().positive(),
  /** Where `pid` means something: processes of different places cannot be looked up. */
  place: z.string(),
  /** When it started, in the system's own words; empty where Node cannot find out. */
  started: z.string(),
});

export type ProcessIdentity = z.output<typeof processIdentity>;

export function ownIdentity(): ProcessIdentity {
  return { pid: process.pid, place: place(), started: startOf(process.pid) ?? "" };
}

/**
 * Whether that process runs, or may run.
 * @param seen when it was last seen, in milliseconds of the epoch
 * @param silence after which a process that cannot be looked up counts as gone, in milliseconds
 */
export function isRunning(process: ProcessIdentity, seen: number, silence: number): boolean {
  // Another container with the same volume, or this one before it was restarted: only its signs of life tell.
  if (process.place !== place()) return Date.now() - seen < silence;
  if (!exists(process.pid)) return false;
  const started = startOf(process.pid);
  if (started !== undefined && process.started !== "") return started === process.started;
  return seen > Date.now() - uptime() * 1000 - CLOCK_ERROR_MS; // numbers start again when the machine does
}

const CLOCK_ERROR_MS = 10_000;

function place(): string {
  if (process.platform !== "linux") return hostname();
  const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  return `${boot} ${readlinkSync("/proc/self/ns/pid")}`;
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return !(error instanceof Error && "code" in error && error.code === "ESRCH"); // EPERM: of another user
  }
  return startOf(pid) !== DEAD;
}

/** Of one that nobody has waited for: it still has its number. */
const DEAD = "dead";

/** The start of a process in clock ticks since boot, undefined when it cannot be known. */
function startOf(pid: number): string | undefined {
  if (process.platform !== "linux") return undefined;
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // pid (name) state …: the name may hold anything, parentheses and spaces too.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" || fields[0] === "X" ? DEAD : fields[19];
  } catch {
    return undefined;
  }
}
