import { compileGlob, compileGlobDescent } from "@mcp-reference/security";
import type { ProgressMeter } from "../walk/progress.js";
import type { EntryType, FindResult, FindTask } from "../walk/tasks.js";
import { TreeWalk } from "../walk/tree-walk.js";

/**
 * Finds entries whose path below the start matches a glob.
 * @throws ToolError INVALID_ARGUMENT for a bad glob.
 */
export function findFiles({ scope, pattern, type, limit, after }: FindTask, progress: ProgressMeter): FindResult {
  const matches = compileGlob(pattern);
  const isWanted = (entryType: EntryType) => type === "any" || entryType === type;
  const walk = new TreeWalk(scope, {
    wants: (path, entryType) => isWanted(entryType) && matches(path),
    enters: compileGlobDescent(pattern),
    from: after,
    progress,
  });
  const paths: string[] = [];
  let types = "";
  let omissions = walk.omissions;
  for (const entry of walk.entries()) {
    if (entry.path === after) continue;
    // What lies between this page and the next counts for the next.
    if (paths.length === limit) return { paths: paths.join("\0"), types, more: true, ...omissions };
    paths.push(entry.path);
    types += entry.type[0];
    progress.found = paths.length;
    omissions = walk.omissions;
  }
  return { paths: paths.join("\0"), types, more: false, ...walk.omissions };
}
