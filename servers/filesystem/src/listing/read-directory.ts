import { readdir } from "node:fs/promises";
import {
  fromErrno,
  type OpenDirectory,
  type PathSandbox,
  type SecretPatterns,
  SecretPolicy,
} from "@mcp-reference/security";
import { ToolError } from "@mcp-reference/validation";
import { byName } from "../walk/by-name.js";
import type { EntryType } from "../walk/tasks.js";
import { typeOf } from "../walk/walk-directory.js";
import { isWorkName } from "../write/work-names.js";

/** A name in a directory and what it is; a link is not followed. */
export interface DirectoryEntry {
  readonly name: string;
  readonly type: EntryType;
  /** Bytes of a file, once it was looked at. */
  readonly size?: number | undefined;
  /** Time of change in milliseconds since 1970, once it was looked at. */
  readonly mtimeMs?: number | undefined;
}

interface DirectoryEntries {
  /** In the order of the directory. */
  readonly entries: DirectoryEntry[];
  /** How many more the secrets policy hid. */
  readonly hidden: number;
}

/** Reads the names in a directory that the secrets policy shows. @throws ToolError PERMISSION_DENIED, UNAVAILABLE, CONFLICT */
export async function readDirectory(directory: OpenDirectory, secrets: SecretPatterns): Promise<DirectoryEntries> {
  const policy = new SecretPolicy(secrets);
  const prefix = directory.policyPath === "" ? "" : `${directory.policyPath}/`;
  const found = await readdir(directory.at(), { withFileTypes: true }).catch((error) => {
    throw fromErrno(error, directory.path);
  });
  await directory.verify();
  const all = found.filter(({ name }) => !isWorkName(name));
  const shown = all.filter(({ name }) => !policy.hides(prefix + name));
  return {
    entries: shown.map((entry) => ({ name: entry.name, type: typeOf(entry) })),
    hidden: all.length - shown.length,
  };
}

/** What a directory shows, sorted by name; nothing for one that cannot be listed. */
export async function entriesIfAny(sandbox: PathSandbox, path: string): Promise<DirectoryEntry[]> {
  try {
    const directory = await sandbox.openDirectory(path);
    try {
      const { entries } = await readDirectory(directory, sandbox.secrets);
      return entries.sort(byName);
    } finally {
      await directory.close();
    }
  } catch (error) {
    if (error instanceof ToolError) return [];
    throw error;
  }
}
