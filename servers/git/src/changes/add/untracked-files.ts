import type { Stats } from "node:fs";
import { ToolError } from "@mcp-reference/validation";
import { type ByteString, textOf } from "../../repository/bytes/byte-string.js";
import type { IgnoreRules } from "../../repository/ignore/ignore-rules.js";
import { Pace } from "../../repository/pace.js";
import { joined } from "../worktree/byte-path.js";
import type { WorktreeWriter } from "../worktree/worktree-writer.js";

/** Levels of directories that are looked into. */
const DEEPEST = 512;

export interface FoundFile {
  readonly path: ByteString;
  /** A directory is a repository of its own. */
  readonly stats: Stats;
}

export interface Search {
  readonly writer: WorktreeWriter;
  /** Undefined takes ignored files too. */
  readonly ignore: IgnoreRules | undefined;
  readonly isTracked: (path: ByteString) => boolean;
  readonly signal: AbortSignal | undefined;
}

/** Files, links and embedded repositories at or below a path that are not tracked; never anything of `.git`. */
export async function* untrackedFiles(path: ByteString, search: Search): AsyncGenerator<FoundFile> {
  yield* visit(path, search, new Pace(search.signal), 0);
}

async function* visit(path: ByteString, search: Search, pace: Pace, depth: number): AsyncGenerator<FoundFile> {
  const { writer, ignore, isTracked } = search;
  if (pace.due()) await pace.pause();
  if (depth > DEEPEST) throw new ToolError("TOO_LARGE", `${textOf(path)} is more than ${DEEPEST} directories deep`);
  const stats = path === "" ? undefined : writer.lstat(path);
  if (path !== "" && (stats === undefined || isTracked(path))) return;
  const isDirectory = stats === undefined || stats.isDirectory();
  if (path !== "" && ignore?.ignored(path, isDirectory)) return;
  if (stats && (stats.isFile() || stats.isSymbolicLink())) yield { path, stats };
  if (!isDirectory) return;
  if (stats && writer.lstat(joined(path, ".git"))) {
    yield { path, stats };
    return;
  }
  const names = (writer.list(path) ?? []).map(({ name }) => name.toString("latin1"));
  for (const name of names.sort()) {
    if (name.toLowerCase() !== ".git") yield* visit(joined(path, name), search, pace, depth + 1);
  }
}
