import type { Stats } from "node:fs";
import { readdir, rename, unlink } from "node:fs/promises";
import path from "node:path";
import { errnoOf, fromErrno, type Place } from "@mcp-reference/security";
import { ToolError } from "@mcp-reference/validation";
import { requireNothingHidden, survey } from "../tree/survey.js";
import { locked, type WriteContext } from "../write/locked.js";
import { placeForWriting } from "../write/place-for-writing.js";
import { moveAcrossDevices } from "./move-across-devices.js";
import { moveToFreeName } from "./move-to-free-name.js";

export interface MoveRequest {
  source: string;
  destination: string;
  /** Replace an existing file. */
  overwrite: boolean;
}

/** A name under which there is something. */
export type FilledPlace = Place & { stats: Stats };

/**
 * Moves or renames a file, link or directory; a link is moved itself.
 * @throws ToolError ALREADY_EXISTS unless `overwrite`, also when the name is taken during the call
 */
export function movePath(context: WriteContext, request: MoveRequest): Promise<void> {
  const { source, destination } = request;
  const work = () =>
    at(source, context.sandbox.place(source, { write: true, followLeaf: false }), (from) =>
      at(destination, placeForWriting(context.sandbox, destination, { followLeaf: false }), async (to) => {
        const { stats } = from;
        if (!stats) throw new ToolError("NOT_FOUND", `${JSON.stringify(source)} does not exist`);
        await move({ ...from, stats }, to, request, context);
      }),
    );
  return locked(context, [source, destination], work, { followLeaf: false });
}

async function at<T>(asked: string, opening: Promise<Place>, work: (place: Place) => Promise<T>): Promise<T> {
  const place = await opening;
  try {
    return await work(place);
  } catch (error) {
    throw fromErrno(error, asked);
  } finally {
    await place.close();
  }
}

async function move(from: FilledPlace, to: Place, request: MoveRequest, context: WriteContext): Promise<void> {
  const { source, destination, overwrite } = request;
  if (`${to.path}${path.sep}`.startsWith(`${from.path}${path.sep}`)) {
    throw new ToolError(
      "INVALID_ARGUMENT",
      `${JSON.stringify(destination)} is, or lies in, ${JSON.stringify(source)} itself`,
    );
  }
  if (from.stats.isDirectory()) {
    requireNothingHidden(source, await survey(context.sandbox, from.directory, from.name, context.signal));
  }
  await Promise.all([from.directory.verify(), to.directory.verify()]);
  const [old, fresh] = [from.directory.at(from.name), to.directory.at(to.name)];
  if (to.stats && isSameFile(from.stats, to.stats)) {
    if (await isOneEntry(from, to)) return rename(old, fresh);
    // Of two hard links to one file, rename would leave both.
    if (overwrite) return unlink(old);
  }
  try {
    await (overwrite ? rename(old, fresh) : moveToFreeName(from, to, destination));
  } catch (error) {
    if (errnoOf(error) !== "EXDEV") throw error;
    await moveAcrossDevices(context, from, request);
  }
}

const isSameFile = (a: Stats, b: Stats) => a.ino === b.ino && a.dev === b.dev;

/** One entry under two spellings, where the file system ignores case: renaming changes the spelling. */
async function isOneEntry(from: Place, to: Place): Promise<boolean> {
  if (from.directory.path !== to.directory.path) return false;
  const names = await readdir(from.directory.at());
  return !(names.includes(from.name) && names.includes(to.name));
}
