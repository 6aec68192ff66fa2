import { randomUUID } from "node:crypto";
import { lstatSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { errnoOf, fromErrno } from "@mcp-reference/security";
import { ToolError } from "@mcp-reference/validation";
import { refuseGitDirectory } from "../../roots/refuse-git-directory.js";
import { newBranchRef } from "../branches/branch-name.js";

export interface InitRequest {
  /** Resolved absolute path, inside the allowed roots; its parent is there. */
  readonly directory: string;
  readonly defaultBranch: string;
  readonly bare: boolean;
}

const DIRECTORIES = ["objects", "objects/info", "objects/pack", "refs", "refs/heads", "refs/tags", "info"];

/**
 * Makes an empty repository: all of it, or nothing.
 * @returns false where there is one already, which stays as it is
 * @throws ToolError INVALID_ARGUMENT for a bad name of a branch; PERMISSION_DENIED inside a git directory; CONFLICT for a bare repository in a directory that is not empty
 */
export function initRepository({ directory, defaultBranch, bare }: InitRequest): boolean {
  const head = newBranchRef(defaultBranch);
  refuseGitDirectory(directory);
  const target = bare ? directory : path.join(directory, ".git");
  try {
    if (bare ? holds(directory, "HEAD") : holds(directory, ".git")) return false;
    const wasThere = holds(path.dirname(directory), path.basename(directory));
    if (bare && wasThere && readdirSync(directory).length > 0) {
      throw new ToolError("CONFLICT", `${directory} is not empty: a bare repository would mix with what is there`, {
        hint: "Name a new directory",
      });
    }
    if (!bare && !wasThere) mkdirSync(directory);
    const made = path.join(path.dirname(target), `.git-${randomUUID()}.tmp`);
    return moveIntoPlace(made, target, () => fill(made, head, bare));
  } catch (error) {
    throw fromErrno(error, directory);
  }
}

const holds = (directory: string, name: string): boolean =>
  lstatSync(path.join(directory, name), { throwIfNoEntry: false }) !== undefined;

function moveIntoPlace(made: string, target: string, fillIt: () => void): boolean {
  try {
    fillIt();
    renameSync(made, target);
    return true;
  } catch (error) {
    rmSync(made, { recursive: true, force: true });
    // Somebody else was faster.
    if (["EEXIST", "ENOTEMPTY", "ENOTDIR"].includes(errnoOf(error) ?? "")) return false;
    throw error;
  }
}

function fill(directory: string, head: string, bare: boolean): void {
  mkdirSync(directory);
  for (const part of DIRECTORIES) mkdirSync(path.join(directory, part));
  writeFileSync(path.join(directory, "HEAD"), `ref: ${head}\n`, "latin1");
  const isWindows = process.platform === "win32";
  const core: Record<string, boolean | number> = {
    repositoryformatversion: 0,
    filemode: !isWindows,
    bare,
    ...(!bare && { logallrefupdates: true }),
    ...(isWindows && { symlinks: false }),
    ...(holds(directory, "hEaD") && { ignorecase: true }),
    ...(process.platform === "darwin" && { precomposeunicode: true }),
  };
  const lines = Object.entries(core).map(([key, value]) => `\t${key} = ${value}\n`);
  writeFileSync(path.join(directory, "config"), `[core]\n${lines.join("")}`);
}
