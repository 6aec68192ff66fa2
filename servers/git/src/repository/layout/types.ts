import type { ConfinedFiles } from "../confined/confined-files.js";

/** Where the parts of a repository are; every directory lies inside the roots that were allowed. */
export interface Layout {
  /** Tracked files; undefined for a bare repository. */
  readonly worktree: ConfinedFiles | undefined;
  /** `HEAD`, `index`, state of a merge: of this worktree alone. */
  readonly gitDir: ConfinedFiles;
  /** Refs, objects and config, shared by all linked worktrees; the same as `gitDir` where there is but one. */
  readonly commonDir: ConfinedFiles;
  /** `objects` of the repository first, then its alternates. */
  readonly objectDirs: readonly ConfinedFiles[];
}

/** Directories that a caller may use. */
export interface AllowedRoots {
  /** Resolved absolute paths. */
  readonly paths: readonly string[];
}
