import type { Dirent } from "node:fs";
import { errnoOf } from "@mcp-reference/security";
import { DescriptorDirectory } from "./descriptor-directory.js";
import { PathDirectory } from "./path-directory.js";
import type { EntryType, Scope } from "./tasks.js";

/**
 * A directory of a walk: the steps that platforms take differently. Everything is synchronous — in a thread of its
 * own that is ten times faster than promises — and no step follows a link. Failed system calls throw their errno.
 */
export interface WalkDirectory {
  /** Sorted by name. */
  entries(): Dirent[];
  enter(name: string): WalkDirectory;
  /** Opens for reading without waiting; whether it is a regular file is for the caller to find out. */
  openFile(name: string): number;
  /** `device:inode` */
  identity(): string;
  close(): void;
}

/** @throws when the scope's path no longer leads to its directory. */
export function openStart({ at, identity, portable }: Scope): WalkDirectory {
  const start = portable ? PathDirectory.start(at) : DescriptorDirectory.start(at);
  if (start.identity() === identity) return start;
  start.close();
  throw new Error("the start directory was closed");
}

export function typeOf(entry: Dirent): EntryType {
  if (entry.isFile()) return "file";
  if (entry.isDirectory()) return "directory";
  return entry.isSymbolicLink() ? "link" : "other";
}

/** Whether the system has no descriptors left: passing over a directory for that would be a silent gap. */
export function isOutOfDescriptors(error: unknown): boolean {
  const errno = errnoOf(error);
  return errno === "EMFILE" || errno === "ENFILE";
}
