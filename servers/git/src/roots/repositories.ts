import { existsSync, readdirSync, realpathSync } from "node:fs";
import path from "node:path";
import { errnoOf, fromErrno } from "@mcp-reference/security";
import { ToolError } from "@mcp-reference/validation";
import type { ConfigLine } from "../repository/config/parse-config.js";
import { KeptRepositories } from "../repository/kept-repositories.js";
import type { AllowedRoots } from "../repository/layout/types.js";
import type { Repository } from "../repository/repository.js";
import { isInside } from "./is-inside.js";
import { looksBare } from "./repository-around.js";

/** Directories in a served one that are looked at for repositories. */
const MOST_DIRECTORIES = 10_000;

/** How systems say that nothing is at a path. */
const IS_ABSENT: ReadonlySet<string> = new Set(["ENOENT", "ENOTDIR", "ENAMETOOLONG"]);

/** The repositories that one caller may use. */
export class Repositories {
  readonly roots: AllowedRoots;
  readonly #kept: KeptRepositories;

  /**
   * @param paths resolved directories: repositories, or directories of them
   * @param defaults settings that hold where no git config says otherwise
   */
  constructor(paths: readonly string[], defaults: readonly ConfigLine[] = []) {
    this.roots = { paths };
    this.#kept = new KeptRepositories(this.roots, defaults);
  }

  /**
   * The repository that a call is about, as it is on disk now.
   * @param repoPath it or a directory in it; may be left out where only one is served
   * @throws ToolError OUTSIDE_ROOT, NOT_FOUND, AMBIGUOUS, UNSUPPORTED
   */
  open(repoPath?: string): Repository {
    return this.#kept.get(repoPath === undefined ? this.#only() : this.#resolve(repoPath));
  }

  /** Paths of the repositories that are served, by a name for each: the directory's, made unique. */
  byName(): ReadonlyMap<string, string> {
    const named = new Map<string, string>();
    for (const found of this.roots.paths.flatMap(repositoriesIn)) {
      const name = path.basename(found, ".git") || "repository";
      let unique = name;
      for (let count = 2; named.has(unique); count++) unique = `${name}-${count}`;
      named.set(unique, found);
    }
    return named;
  }

  /**
   * Where a repository can be made: an absolute path inside the roots, whose parent is there.
   * @throws ToolError OUTSIDE_ROOT, NOT_FOUND
   */
  placeFor(repoPath: string): string {
    const wanted = this.#absolute(repoPath);
    if (existsSync(wanted)) return this.#resolve(repoPath);
    return path.join(this.#resolve(path.dirname(wanted)), path.basename(wanted));
  }

  close(): void {
    this.#kept.close();
  }

  #only(): string {
    const [first, ...others] = this.roots.paths;
    if (first === undefined) {
      throw new ToolError("NOT_FOUND", "there is no repository to serve", {
        hint: "Start the server inside one, or name one with --repository",
      });
    }
    const all = others.length > 0 || !isRepository(first) ? [...this.byName().values()] : [first];
    const [only, ...more] = all;
    if (more.length > 0) {
      throw new ToolError("AMBIGUOUS", `several repositories are served: ${all.slice(0, 20).join(", ")}`, {
        hint: "Name one as repo_path",
      });
    }
    return only ?? first;
  }

  #resolve(repoPath: string): string {
    const wanted = this.#absolute(repoPath);
    try {
      const real = realpathSync(wanted);
      if (this.roots.paths.some((root) => isInside(real, root))) return real;
    } catch (error) {
      if (this.roots.paths.some((root) => isInside(wanted, root))) {
        if (IS_ABSENT.has(errnoOf(error) ?? "")) throw new ToolError("NOT_FOUND", `${repoPath} does not exist`);
        throw fromErrno(error, repoPath);
      }
    }
    throw new ToolError("OUTSIDE_ROOT", `${repoPath} is outside the served repositories`, {
      hint: `Use a path inside ${this.roots.paths.join(", ") || "a repository named with --repository"}`,
    });
  }

  #absolute(repoPath: string): string {
    return path.resolve(this.roots.paths[0] ?? process.cwd(), repoPath);
  }
}

const isRepository = (directory: string): boolean => existsSync(path.join(directory, ".git")) || looksBare(directory);

function repositoriesIn(root: string): string[] {
  if (isRepository(root)) return [root];
  return directoriesIn(root)
    .sort()
    .slice(0, MOST_DIRECTORIES)
    .map((name) => path.join(root, name))
    .filter(isRepository);
}

/** A directory that went away, or may not be read, has none. */
function directoriesIn(directory: string): string[] {
  try {
    const entries = readdirSync(directory, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  } catch {
    return [];
  }
}
