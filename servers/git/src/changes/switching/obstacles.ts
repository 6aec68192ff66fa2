import type { ByteString } from "../../repository/bytes/byte-string.js";
import { SUBMODULE } from "../../repository/file-mode.js";
import { directoriesAbove, joined } from "../worktree/byte-path.js";
import type { TrackedFile } from "../worktree/tracked-file.js";
import type { WorktreeWriter } from "../worktree/worktree-writer.js";

/** Entries that are looked at in a directory to find that it is in the way. */
const MOST_LOOKED_AT = 100_000;

/** What the search for obstacles has to know of a path. */
export interface PathKnowledge {
  /** It is tracked, and the plan removes it before anything is written. */
  isRemoved(path: ByteString): boolean;
  isIgnored(path: ByteString, isDirectory: boolean): boolean;
}

export interface Obstacles {
  /** Untracked files that would be lost. */
  readonly lost: ByteString[];
  /** What may be cleared away: ignored files, and directories that hold nothing else. */
  readonly clear: ByteString[];
}

/** Looks for what is in the way of new files: at their paths, and where directories above them have to be. */
export function findObstacles(
  files: readonly TrackedFile[],
  writer: WorktreeWriter,
  knowledge: PathKnowledge,
): Obstacles {
  const lost = new Set<ByteString>();
  const clear = new Set<ByteString>();
  const known = new Map<ByteString, "free" | "directory" | "cleared" | "blocked">();

  const directoryState = (path: ByteString): "free" | "directory" | "cleared" | "blocked" => {
    const stats = writer.lstat(path);
    if (!stats || knowledge.isRemoved(path)) return "free";
    if (stats.isDirectory()) return "directory";
    if (!knowledge.isIgnored(path, false)) return "blocked";
    return "cleared";
  };

  /** Is there a directory, all the way down? Otherwise nothing can be at the path itself. */
  const isReachable = (path: ByteString): boolean => {
    for (const above of directoriesAbove(path)) {
      const state = known.get(above) ?? directoryState(above);
      known.set(above, state);
      if (state === "blocked") lost.add(above);
      if (state === "cleared") clear.add(above);
      if (state !== "directory") return false;
    }
    return true;
  };

  for (const { path, mode } of files) {
    if (!isReachable(path)) continue;
    const stats = writer.lstat(path);
    if (!stats || knowledge.isRemoved(path)) continue;
    if (!stats.isDirectory()) {
      if (!knowledge.isIgnored(path, false)) lost.add(path);
    } else if (mode !== SUBMODULE) {
      if (knowledge.isIgnored(path, true) || holdsOnlyIgnored(path, writer, knowledge)) clear.add(path);
      else lost.add(path);
    }
  }
  return { lost: [...lost], clear: [...clear] };
}

function holdsOnlyIgnored(directory: ByteString, writer: WorktreeWriter, knowledge: PathKnowledge): boolean {
  const pending = [directory];
  let looked = 0;
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    for (const entry of writer.list(next) ?? []) {
      const path = joined(next, entry.name.toString("latin1"));
      if (++looked > MOST_LOOKED_AT) return false;
      if (knowledge.isRemoved(path) || knowledge.isIgnored(path, entry.isDirectory())) continue;
      if (!entry.isDirectory()) return false;
      pending.push(path);
    }
  }
  return true;
}
