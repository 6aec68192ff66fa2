import { ToolError } from "@mcp-reference/validation";
import { type ByteString, bytesOf, textOf } from "../../repository/bytes/byte-string.js";
import { PathGlob } from "../../repository/diff/path-glob.js";
import { treeNameProblem } from "../../repository/objects/tree-name.js";
import { directoriesAbove, isWithin } from "../worktree/byte-path.js";

/** Which paths an operation is about: a file, a directory with all below it, or a glob. */
export interface Pathspec {
  /** As it was given, for messages. */
  readonly text: string;
  /** Where the paths that match can lie: the path itself, or the directory before the first wildcard. */
  readonly base: ByteString;
  readonly isGlob: boolean;
  matches(path: ByteString): boolean;
}

/**
 * Reads a path as a tool gets it: relative to the worktree, or absolute inside it; `.` is everything. Wildcards match slashes too.
 * @param root absolute path of the worktree
 * @param exists a file of that very name is taken for it, wildcards or not
 * @throws ToolError OUTSIDE_ROOT, INVALID_ARGUMENT for a path into `.git`
 */
function parsePathspec(text: string, root: ByteString, exists: (path: ByteString) => boolean): Pathspec {
  const path = normalized(text, root);
  const isGlob = /[*?[]/.test(path) && !exists(path);
  for (const name of path.split("/").filter(Boolean)) {
    const problem = treeNameProblem(name);
    if (problem) throw new ToolError("INVALID_ARGUMENT", `${text} cannot be tracked: ${textOf(name)} ${problem}`);
  }
  if (!isGlob) return { text, base: path, isGlob, matches: (candidate) => isWithin(path, candidate) };
  const glob = new PathGlob(path);
  const base = path.slice(0, Math.max(0, path.lastIndexOf("/", path.search(/[*?[]/))));
  return { text, base, isGlob, matches: (candidate) => glob.matches(candidate) };
}

function normalized(text: string, root: ByteString): ByteString {
  const given = bytesOf(text);
  const relative = given === root ? "" : given.startsWith(`${root}/`) ? given.slice(root.length + 1) : given;
  if (relative.startsWith("/")) throw outside(text);
  const names: ByteString[] = [];
  for (const name of relative.split("/")) {
    if (name === "" || name === ".") continue;
    if (name !== "..") names.push(name);
    else if (names.pop() === undefined) throw outside(text);
  }
  return names.join("/");
}

const outside = (text: string): ToolError =>
  new ToolError("OUTSIDE_ROOT", `${text} is outside the repository`, { hint: "Use a path relative to its top" });

/** As {@link parsePathspec}, of several. */
export const parsePathspecs = (
  texts: readonly string[],
  root: ByteString,
  exists: (path: ByteString) => boolean,
): Pathspec[] => texts.map((text) => parsePathspec(text, root, exists));

/** Does any of the pathspecs match? Takes the time of the globs among them alone, however many there are. */
export function anyMatches(specs: readonly Pathspec[]): (path: ByteString) => boolean {
  const globs = specs.filter(({ isGlob }) => isGlob);
  const bases = new Set(specs.filter(({ isGlob }) => !isGlob).map(({ base }) => base));
  if (bases.has("")) return () => true;
  return (path) => {
    if (bases.has(path) || globs.some((glob) => glob.matches(path))) return true;
    for (const above of directoriesAbove(path)) if (bases.has(above)) return true;
    return false;
  };
}
