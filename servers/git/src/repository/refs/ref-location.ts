import type { ByteString } from "../bytes/byte-string.js";
import type { ConfinedFiles } from "../confined/confined-files.js";
import type { Layout } from "../layout/types.js";
import { isRootRef } from "./ref-format.js";

/** Directories of refs that each linked worktree has for itself. */
export const WORKTREE_REFS: readonly ByteString[] = ["refs/bisect/", "refs/worktree/", "refs/rewritten/"];

/** Has each worktree its own ref of this name? */
export const isOfWorktree = (ref: ByteString): boolean =>
  isRootRef(ref) || WORKTREE_REFS.some((prefix) => ref.startsWith(prefix));

/** The directory that a ref's file and its reflog lie under. */
export const directoryOfRef = (layout: Layout, ref: ByteString): ConfinedFiles =>
  isOfWorktree(ref) ? layout.gitDir : layout.commonDir;
