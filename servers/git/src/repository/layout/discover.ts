import { lstatSync } from "node:fs";
import { basename, dirname } from "node:path";
import { ToolError } from "@mcp-reference/validation";
import { type ByteString, bytesOf, fsPath } from "../bytes/byte-string.js";
import { ConfinedFiles } from "../confined/confined-files.js";
import { resolvedIfAny } from "../confined/resolved-path.js";
import { commonDirectoryOf, gitDirectoryIn, linkedWorktreeOf } from "./git-file.js";
import { isInside, joined, requireInside, rootBytes } from "./inside.js";
import { objectDirectories } from "./object-directories.js";
import { readFormat } from "./repository-format.js";
import type { AllowedRoots, Layout } from "./types.js";

/** Bytes of `HEAD`. */
const LONGEST_HEAD = 64 * 1024;
const HEAD = /^(?:ref:\s*refs\/|[0-9a-f]{40}\s*$)/;

/**
 * Finds the repository around `path`, looking upwards but never above the roots.
 *
 * Whose the files are is not asked (git's `safe.directory`): nothing that a repository's config names is ever run.
 *
 * @param path absolute: the worktree or any folder or file in it, a git directory or a folder in it, a bare repository
 * @throws ToolError NOT_FOUND; OUTSIDE_ROOT for any part outside the roots; UNSUPPORTED for a format that would be read wrongly
 */
export function discover(path: string, roots: AllowedRoots): Layout {
  const allowed = rootBytes(roots);
  const start = resolvedIfAny(bytesOf(path));
  if (!isInside(start ?? joined("/", bytesOf(path)), allowed)) {
    throw new ToolError("OUTSIDE_ROOT", `${path} is outside the allowed directories`, {
      hint: `Use a repository in ${roots.paths.join(", ")}`,
    });
  }
  if (start === undefined) throw new ToolError("NOT_FOUND", `There is no ${path}`);
  for (let directory = start; isInside(directory, allowed); directory = dirname(directory)) {
    const layout = layoutAt(directory, allowed);
    if (layout) return layout;
    if (directory === dirname(directory)) break;
  }
  throw new ToolError("NOT_FOUND", `${path} is not in a git repository`, {
    hint: "Name a folder in a repository, or make one with git_init",
  });
}

function layoutAt(directory: ByteString, roots: readonly ByteString[]): Layout | undefined {
  if (!lstatSync(fsPath(directory)).isDirectory()) return undefined;
  const below = gitDirectoryIn(directory, roots);
  if (below !== undefined) {
    const layout = readLayout(below, directory, roots);
    if (layout) return layout;
  }
  return readLayout(directory, undefined, roots);
}

/** @param foundFrom the directory whose `.git` this is; undefined when the git directory itself was come upon */
function readLayout(
  path: ByteString,
  foundFrom: ByteString | undefined,
  roots: readonly ByteString[],
): Layout | undefined {
  if (!lstatSync(fsPath(path)).isDirectory()) return undefined;
  const gitDir = new ConfinedFiles(path, roots);
  if (!hasHead(gitDir)) return undefined;
  const commonPath = commonDirectoryOf(gitDir, roots);
  if (!isDirectory(`${commonPath}/objects`) || !isDirectory(`${commonPath}/refs`)) return undefined;
  const commonDir = commonPath === gitDir.root ? gitDir : new ConfinedFiles(commonPath, roots);
  const worktree = worktreeOf(gitDir, commonDir, foundFrom, roots);
  return {
    worktree: worktree === undefined ? undefined : new ConfinedFiles(worktree),
    gitDir,
    commonDir,
    objectDirs: objectDirectories(commonPath, roots),
  };
}

function worktreeOf(
  gitDir: ConfinedFiles,
  commonDir: ConfinedFiles,
  foundFrom: ByteString | undefined,
  roots: readonly ByteString[],
): ByteString | undefined {
  const { bare, worktree } = readFormat(gitDir, commonDir);
  if (worktree !== undefined) return requireInside(joined(gitDir.root, worktree), roots, "worktree (core.worktree)");
  if (bare) return undefined;
  if (foundFrom !== undefined) return foundFrom;
  const linked = gitDir === commonDir ? undefined : linkedWorktreeOf(gitDir);
  if (linked !== undefined) return requireInside(linked, roots, "worktree");
  // Come upon from within: `.git` belongs to the directory it is in, anything else is bare.
  const parent = dirname(gitDir.root);
  return basename(gitDir.root) === ".git" && isInside(parent, roots) ? parent : undefined;
}

/** As git tells a git directory: by a `HEAD` that could be one. Some old tools make it a link. */
function hasHead(gitDir: ConfinedFiles): boolean {
  const stats = lstatSync(fsPath(gitDir.path("HEAD")), { throwIfNoEntry: false });
  if (stats?.isSymbolicLink()) return gitDir.readLink("HEAD")?.startsWith("refs/") ?? false;
  // Anything may be called HEAD in a directory that is no git directory.
  if (!stats?.isFile() || stats.size > LONGEST_HEAD) return false;
  return HEAD.test(gitDir.read("HEAD", LONGEST_HEAD)?.toString("latin1") ?? "");
}

const isDirectory = (path: ByteString): boolean => {
  const real = resolvedIfAny(path);
  return real !== undefined && lstatSync(fsPath(real)).isDirectory();
};
