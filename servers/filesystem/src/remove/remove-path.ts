import { rmdir, unlink } from "node:fs/promises";
import { fromErrno, type PathSandbox, type Place } from "@mcp-reference/security";
import { ToolError } from "@mcp-reference/validation";
import { formatSize } from "../listing/entry-line.js";
import { entriesOf } from "../tree/held-directory.js";
import { requireNothingHidden, survey, within } from "../tree/survey.js";
import { locked, type WriteContext } from "../write/locked.js";
import { removeTree } from "./remove-tree.js";

const NAMES_SHOWN = 5;

/** What would be removed, as a person should read it before agreeing. @throws ToolError as {@link removePath} */
export async function describeRemoval(
  { sandbox, signal }: Pick<WriteContext, "sandbox" | "signal">,
  path: string,
  recursive: boolean,
): Promise<string> {
  return atPlace(sandbox, path, async (place) => {
    const what = JSON.stringify(place.path);
    if (!place.stats.isDirectory()) {
      return `Delete ${what} (${place.stats.isSymbolicLink() ? "a link" : formatSize(place.stats.size)}) for good?`;
    }
    const names = await requireEmptyUnless(recursive, place, path);
    if (names.length === 0) return `Delete the empty directory ${what}?`;
    const found = await survey(sandbox, place.directory, place.name, signal);
    requireNothingHidden(path, found);
    const shown = names
      .slice(0, NAMES_SHOWN)
      .map((name) => JSON.stringify(name))
      .join(", ");
    const more = names.length > NAMES_SHOWN ? " …" : "";
    const count = found.entries === 1 ? "one entry" : `${found.entries} entries`;
    return `Delete ${what} and the ${count} in it (${formatSize(found.bytes)}: ${shown}${more}) for good?`;
  });
}

/**
 * Removes a file, link or directory; links are not followed.
 * @param progress told how many entries are gone so far
 * @returns how many entries are gone
 * @throws ToolError INVALID_ARGUMENT for a root, or a directory that is not empty unless `recursive`
 */
export function removePath(
  context: WriteContext,
  path: string,
  recursive: boolean,
  progress: (entries: number) => void,
): Promise<number> {
  const { sandbox, signal } = context;
  const work = () =>
    atPlace(sandbox, path, async (place) => {
      const { directory, name, stats } = place;
      await directory.verify();
      if (!stats.isDirectory()) return unlink(directory.at(name)).then(() => 1);
      const names = await requireEmptyUnless(recursive, place, path);
      if (names.length === 0) return rmdir(directory.at(name)).then(() => 1);
      requireNothingHidden(path, await survey(sandbox, directory, name, signal));
      return removeAll(place, path, signal, progress);
    });
  return locked(context, [path], work, { followLeaf: false });
}

async function removeAll(
  { directory, name }: Place,
  path: string,
  signal: AbortSignal,
  progress: (entries: number) => void,
): Promise<number> {
  let removed = 0;
  try {
    await removeTree(directory, name, signal, (entries) => {
      removed += entries;
      progress(removed);
    });
  } catch (error) {
    throw removed > 0 ? halfRemoved(fromErrno(error, path), removed) : error;
  }
  return removed;
}

type FilledPlace = Place & { stats: NonNullable<Place["stats"]> };

async function atPlace<T>(sandbox: PathSandbox, path: string, work: (place: FilledPlace) => Promise<T>): Promise<T> {
  const place = await sandbox.place(path, { write: true, followLeaf: false });
  try {
    const { stats } = place;
    if (!stats) throw new ToolError("NOT_FOUND", `${JSON.stringify(path)} does not exist`);
    return await work({ ...place, stats });
  } catch (error) {
    throw fromErrno(error, path);
  } finally {
    await place.close();
  }
}

/** @returns the names in the directory */
async function requireEmptyUnless(recursive: boolean, { directory, name }: Place, path: string): Promise<string[]> {
  const names = (await within(directory, name, entriesOf)).map((entry) => entry.name);
  if (recursive || names.length === 0) return names;
  throw new ToolError("INVALID_ARGUMENT", `${JSON.stringify(path)} is a directory with ${names.length} entries`, {
    hint: "Set recursive to true to delete all that is in it",
  });
}

function halfRemoved(error: unknown, removed: number): unknown {
  if (!(error instanceof ToolError)) return error;
  const { code, message, hint } = error;
  return new ToolError(code, `${message}; ${removed} entries below it are gone already`, { hint, cause: error });
}
