import { constants, type Dirent } from "node:fs";
import { chmod, mkdir, open, readlink, stat, symlink } from "node:fs/promises";
import type { SecretPolicy } from "@mcp-reference/security";
import { entriesOf, type HeldDirectory, naming, policyPathOf } from "../tree/held-directory.js";
import { inBatches } from "../tree/in-batches.js";
import { within } from "../tree/survey.js";
import { isWorkName } from "../write/work-names.js";
import { copyBytes } from "./copy-bytes.js";

/** What a copy of a directory came to. */
export interface TreeCopy {
  files: number;
  bytes: number;
  /** Entries left out because the secrets policy hides them. */
  hidden: number;
  /** FIFOs, sockets and devices left out. */
  special: number;
}

// Windows has neither of the last two.
const READ = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
const ENTRIES_AT_ONCE = 8;
const PERMISSIONS = 0o777;

interface CopyOptions {
  policy: SecretPolicy;
  signal: AbortSignal;
  /** Told after every file how many there are so far. */
  copied: (files: number) => void;
}

/** Copies what is in one directory into another, new one. Links are copied as they are, not followed. */
export async function copyTree(source: HeldDirectory, target: HeldDirectory, options: CopyOptions): Promise<TreeCopy> {
  const copy: TreeCopy = { files: 0, bytes: 0, hidden: 0, special: 0 };
  const visit = async (from: HeldDirectory, to: HeldDirectory): Promise<void> => {
    options.signal.throwIfAborted();
    const entries = (await entriesOf(from)).filter(({ name }) => !isWorkName(name));
    const visible = entries.filter((entry) => !options.policy.hides(policyPathOf(from, entry.name)));
    copy.hidden += entries.length - visible.length;
    await inBatches(visible, ENTRIES_AT_ONCE, async (entry) => {
      if (entry.isDirectory()) return;
      await naming(from, entry.name, copyEntry(entry, from.at(entry.name), to.at(entry.name)));
    });
    for (const { name } of visible.filter((entry) => entry.isDirectory())) {
      await mkdir(to.at(name), 0o700);
      await within(from, name, (child) => within(to, name, (copied) => visit(child, copied)));
    }
    await chmod(to.at(), (await stat(from.at())).mode & PERMISSIONS);
  };
  const copyEntry = async (entry: Dirent, from: string, to: string): Promise<void> => {
    if (entry.isSymbolicLink()) return symlink(await readlink(from), to);
    const bytes = entry.isFile() ? await copyFile(from, to, options.signal) : undefined;
    if (bytes === undefined) copy.special++;
    else {
      copy.bytes += bytes;
      options.copied(++copy.files);
    }
  };
  await visit(source, target);
  return copy;
}

/** @returns bytes copied; undefined when the name is no regular file any more */
async function copyFile(from: string, to: string, signal: AbortSignal): Promise<number | undefined> {
  const source = await open(from, READ);
  try {
    const stats = await source.stat();
    if (!stats.isFile()) return undefined;
    const target = await open(to, "wx", 0o600);
    try {
      await copyBytes(source, target, signal);
      await target.chmod(stats.mode & PERMISSIONS);
    } finally {
      await target.close();
    }
    return stats.size;
  } finally {
    await source.close();
  }
}
