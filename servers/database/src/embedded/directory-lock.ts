import { randomUUID } from "node:crypto";
import {
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { errnoOf } from "@mcp-reference/security";
import { ToolError } from "@mcp-reference/validation";
import { isRunning, ownIdentity, type ProcessIdentity, processIdentity } from "./process-identity.js";

/** A holder gives a sign of life this often, in milliseconds; only processes that cannot look it up need it. */
const SIGN_MS = 10_000;
/** One that gave none for so long is gone. */
const SILENCE_MS = 60_000;
/** Locks that are kept below the newest: a reader of the folder who missed one would have to miss as many in one reading. */
const KEPT = 4;

/** A folder that this process has for itself. */
export interface DirectoryLock {
  release(): void;
}

/**
 * Takes a folder for this process alone. Node has no flock, so it is a file in `<directory>/lock` that names its holder; one whose
 * holder is gone is taken over. Files are numbered, and the newest counts: a newcomer may make number n + 1 only once it has seen
 * that the holder of n is gone or has emptied its file, so of any number of newcomers one gets it, and nobody ever removes or
 * replaces a file that somebody else may hold.
 * @throws ToolError UNAVAILABLE when another process has it
 */
export function lockDirectory(directory: string): DirectoryLock {
  const folder = join(directory, "lock");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const draft = join(folder, `draft-${randomUUID()}`);
  writeFileSync(draft, JSON.stringify(ownIdentity()), { flag: "wx", mode: 0o600 });
  try {
    return hold(folder, take(directory, folder, draft));
  } finally {
    rmSync(draft, { force: true });
  }
}

function take(directory: string, folder: string, draft: string): number {
  for (;;) {
    const newest = newestIn(folder);
    const holder = holderOf(folder, newest);
    if (holder) throw inUse(directory, holder);
    const mine = newest + 1;
    // A link makes a file that is complete at once, and fails when there is one already.
    if (!link(draft, join(folder, `${mine}`))) continue;
    if (newestIn(folder) === mine) return mine;
    // `newest` was old: while we looked at it others have come and gone, and their files have been swept.
    rmSync(join(folder, `${mine}`));
  }
}

function hold(folder: string, number: number): DirectoryLock {
  const path = join(folder, `${number}`);
  sweep(folder, number);
  const signs = setInterval(() => touch(path), SIGN_MS).unref();
  return {
    release() {
      clearInterval(signs);
      attempt(() => truncateSync(path)); // gone with its folder is released too
    },
  };
}

/** @returns 0 when there is none */
function newestIn(folder: string): number {
  return Math.max(0, ...readdirSync(folder).filter(isNumber).map(Number));
}

const isNumber = (name: string) => /^\d+$/.test(name);

/** Who has a lock, undefined when it is free. */
function holderOf(folder: string, number: number): ProcessIdentity | undefined {
  if (number === 0) return undefined;
  const path = join(folder, `${number}`);
  const holder = ignoring("ENOENT", () => ({ text: readFileSync(path, "utf8"), seen: statSync(path).mtimeMs }));
  // Swept: the caller finds that there is a newer one. Not JSON: the machine crashed before it was on the disk.
  const identity = processIdentity.safeParse(ignoring("", () => JSON.parse(holder?.text ?? "")));
  if (!holder || !identity.success) return undefined;
  return isRunning(identity.data, holder.seen, SILENCE_MS) ? identity.data : undefined;
}

function sweep(folder: string, number: number): void {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    const old = isNumber(name) ? Number(name) < number - KEPT : silent(path);
    if (old) rmSync(path, { force: true });
  }
}

/** A draft whose maker must have been killed. */
function silent(path: string): boolean {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats !== undefined && Date.now() - stats.mtimeMs > SILENCE_MS;
}

/** @returns false when there is one already */
function link(from: string, to: string): boolean {
  const linked = ignoring("EEXIST", () => {
    linkSync(from, to);
    return true;
  });
  return linked ?? false;
}

/** From a timer, where nobody could take an error. */
const touch = (path: string) => attempt(() => utimesSync(path, new Date(), new Date()));

/** For what does no harm when it fails: a lock whose holder has ended is free as well. */
function attempt(work: () => void): void {
  try {
    work();
  } catch {}
}

/** @returns undefined when it failed with that error; "" stands for one without a code */
function ignoring<T>(code: string, work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if ((errnoOf(error) ?? "") === code) return undefined;
    throw error;
  }
}

const inUse = (directory: string, { pid }: ProcessIdentity) =>
  new ToolError("UNAVAILABLE", `the embedded database in ${directory} is in use by another process (pid ${pid})`, {
    hint: "Stop it, or give this one another --data-dir",
  });
