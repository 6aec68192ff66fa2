import { constants, type Dirent } from "node:fs";
import { lstat, open, readdir } from "node:fs/promises";
import path from "node:path";
import { fromErrno, type OpenDirectory } from "@mcp-reference/security";

/** A directory in which entries are addressed, so that a swapped parent changes nothing: see {@link OpenDirectory.at}. */
export interface HeldDirectory extends Pick<OpenDirectory, "at" | "close"> {
  /** What secret globs are matched against. */
  readonly policyPath: string;
}

const { O_DIRECTORY, O_NOFOLLOW, O_RDONLY } = constants;

/** The directory `name`, held on its own. Throws ENOTDIR or ELOOP when it is a link or no directory. */
export async function enter(parent: HeldDirectory, name: string): Promise<HeldDirectory> {
  const policyPath = policyPathOf(parent, name);
  const here = parent.at(name);
  if (!here.startsWith("/proc/self/fd/")) return enterByPath(here, policyPath);
  const handle = await open(here, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  const at = (entry?: string) => `/proc/self/fd/${handle.fd}${entry === undefined ? "" : `/${entry}`}`;
  return { at, policyPath, close: () => handle.close() };
}

/** Where there are no descriptors to walk through: best effort, a later swap goes unnoticed. */
async function enterByPath(here: string, policyPath: string): Promise<HeldDirectory> {
  if (!(await lstat(here)).isDirectory()) throw Object.assign(new Error("not a directory"), { code: "ENOTDIR" });
  return { at: (entry) => (entry === undefined ? here : path.join(here, entry)), policyPath, close: async () => {} };
}

export const policyPathOf = ({ policyPath }: HeldDirectory, name: string) =>
  policyPath === "" ? name : `${policyPath}/${name}`;

/** Awaits work on an entry: a failed system call then names the entry, and not the descriptor it was reached by. */
export async function naming<T>(directory: HeldDirectory, name: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw fromErrno(error, policyPathOf(directory, name));
  }
}

export const entriesOf = (directory: HeldDirectory): Promise<Dirent[]> =>
  readdir(directory.at(), { withFileTypes: true });
