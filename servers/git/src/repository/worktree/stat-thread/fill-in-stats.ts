import { lstatSync } from "node:fs";
import { type ByteString, fsPath } from "../../bytes/byte-string.js";
import type { SharedStats } from "./shared-stats.js";

/**
 * Fills in the stats of these files, from the last one back, until the reader comes towards it. What is only there through a link
 * counts as absent.
 * @throws what `lstat` does; the reader comes to that file too
 */
export function fillInStats(root: ByteString, paths: readonly ByteString[], stats: SharedStats): void {
  const lstatOf = (path: ByteString) => lstatSync(fsPath(`${root}/${path}`), { throwIfNoEntry: false });
  const directories = new Map([["", true]]);
  const isDirectory = (path: ByteString): boolean => {
    const known = directories.get(path);
    if (known !== undefined) return known;
    const isOne = isDirectory(directoryOf(path)) && lstatOf(path)?.isDirectory() === true;
    directories.set(path, isOne);
    return isOne;
  };
  for (let file = stats.count - 1; file >= 0 && stats.awaits(file); file--) {
    const path = paths[file] ?? "";
    stats.fillIn(file, isDirectory(directoryOf(path)) ? lstatOf(path) : undefined);
  }
}

const directoryOf = (path: ByteString): ByteString => path.slice(0, Math.max(path.lastIndexOf("/"), 0));
