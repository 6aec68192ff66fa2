import type { BigIntStats, Stats } from "node:fs";
import type { FileHandle } from "node:fs/promises";

/** One directory on the way of a walk: the step that platforms take differently. Failed system calls throw their errno. */
export interface DirectoryRef {
  /** Where the kernel finds `name` in this directory; without a name, the directory itself. */
  at(name?: string): string;
  /** The directory `name`; throws ENOTDIR or ELOOP when it is a link or no directory. */
  enter(name: string): Promise<DirectoryRef>;
  /** What `name` is, and the means to open exactly that. */
  look(name: string): Promise<Entry>;
  /** Throws MovedError when the directory is no longer what it was; never where descriptors are held. */
  verify(): Promise<void>;
  /**
   * The directory that has this path now: this one unless it was moved or removed and another, reached without links,
   * took its place (a project cloned anew); then that one, for the caller to release.
   */
  current(path: string): Promise<DirectoryRef>;
  /** The same directory for one more holder, who releases it. */
  retain(): DirectoryRef;
  release(): void;
}

/** An entry that was looked at and not opened: devices and FIFOs do not notice. */
export interface Entry {
  readonly stats: Stats;
  /** Opens the very file that was looked at, for reading and without waiting. */
  open(): Promise<FileHandle>;
  /** Whether this process may write to it. */
  checkWritable(): Promise<void>;
  release(): void;
}

export const sameFile = (a: BigIntStats, b: BigIntStats) => a.dev === b.dev && a.ino === b.ino;

const NOT_AN_ENTRY = process.platform === "win32" ? /^\.{0,2}$|[\\/\0]/ : /^\.{0,2}$|[/\0]/;

/** What is asked of a directory is one entry of it: a path would be followed by the kernel, unguarded. */
export function checkEntryName(name: string): void {
  if (NOT_AN_ENTRY.test(name)) throw new Error(`not the name of an entry: ${JSON.stringify(name)}`);
}
