import { existsSync, realpathSync } from "node:fs";
import path from "node:path";

/**
 * The worktree, or bare repository, that a directory lies in.
 * @returns its resolved path as the only member, or nothing where there is none
 */
export function repositoryAround(directory: string): string[] {
  let current = realpathSync(directory);
  for (;;) {
    if (existsSync(path.join(current, ".git")) || looksBare(current)) return [current];
    const parent = path.dirname(current);
    if (parent === current) return [];
    current = parent;
  }
}

export const looksBare = (directory: string): boolean =>
  ["HEAD", "objects", "refs"].every((name) => existsSync(path.join(directory, name)));
