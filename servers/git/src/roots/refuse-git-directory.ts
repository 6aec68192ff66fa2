import { dirname, sep } from "node:path";
import { ToolError } from "@mcp-reference/validation";
import { bytesOf } from "../repository/bytes/byte-string.js";
import { treeNameProblem } from "../repository/objects/tree-name.js";
import { looksBare } from "./repository-around.js";

/**
 * Refuses to make a repository in a git directory: what is put into its `hooks`, such as by a checkout, would be run by the next git.
 * @param path resolved
 * @throws ToolError PERMISSION_DENIED
 */
export function refuseGitDirectory(path: string): void {
  const isNamedSo = path.split(sep).some((name) => name !== "" && treeNameProblem(bytesOf(name)));
  if (!isNamedSo && !directoriesAbove(path).some(looksBare)) return;
  throw new ToolError("PERMISSION_DENIED", `${path} is inside a git directory`, { hint: "Name another path" });
}

const directoriesAbove = (path: string): string[] =>
  dirname(path) === path ? [] : [dirname(path), ...directoriesAbove(dirname(path))];
