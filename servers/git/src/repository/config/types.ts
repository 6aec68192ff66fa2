/** Values of the user's config, of the repository's and the worktree's, and of what they include; nothing in them is ever run. */
export interface GitConfig {
  /** Last value of `section.key` or `section.subsection.key`; sections and keys in any case, subsections exactly. */
  get(name: string): string | undefined;
  /** As {@link get}, of the user's own files alone: for what the maker of a repository must not decide. */
  ofUser(name: string): string | undefined;
  /** Every value, in file order, the user's first. */
  all(name: string): readonly string[];
  /** As git reads a boolean; undefined where it is absent. @throws ToolError INVALID_ARGUMENT */
  flag(name: string): boolean | undefined;
  /** As git reads a number with `k`, `m`, `g`. @throws ToolError INVALID_ARGUMENT */
  number(name: string): number | undefined;
  /** The names of subsections, such as the remotes of `remote`. */
  subsections(section: string): readonly string[];
}
