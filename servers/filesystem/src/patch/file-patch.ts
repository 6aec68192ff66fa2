/** A stretch of changes within one file. */
export interface Hunk {
  /** The `@@` line as written. */
  header: string;
  /** First line of the old text, from 1; undefined where the header does not say. */
  oldStart: number | undefined;
  lines: HunkLine[];
}

export interface HunkLine {
  sign: " " | "-" | "+";
  /** With its newline, unless the patch says there is none at the end of the file. */
  text: string;
}

/** The changes of one file. */
export interface FilePatch {
  /** As the patch names it; null for `/dev/null`. */
  oldName?: string | null | undefined;
  newName?: string | null | undefined;
  /** From `rename from/to` or `copy from/to`: names without git's `a/` and `b/`. */
  relation?: { kind: "rename" | "copy"; from: string; to: string } | undefined;
  /** From git's modes: whether the file becomes a program, or is one no more. */
  executable?: boolean | undefined;
  /** What this server cannot apply: binary content, links, submodules. */
  unsupported?: string | undefined;
  hunks: Hunk[];
}
