import type { ByteString } from "../../repository/bytes/byte-string.js";
import { parseIgnoreFile } from "../../repository/ignore/ignore-file.js";
import type { Repository } from "../../repository/repository.js";
import { parentOf } from "../worktree/byte-path.js";

const FILE = "info/sparse-checkout";

/** Bytes of the patterns. */
const LARGEST = 2 ** 22;

/** Is a path one of those that a sparse checkout leaves out of the worktree? */
export type SparseRule = (path: ByteString) => boolean;

/**
 * The rule of `core.sparseCheckout`: the last pattern that fits a path, or else the nearest directory above it, decides. The patterns of
 * cone mode are written so that they mean the same when read like this.
 */
export function sparseRule(repo: Repository): SparseRule {
  const content = repo.config.flag("core.sparsecheckout") ? repo.layout.gitDir.read(FILE, LARGEST) : undefined;
  if (content === undefined) return () => false;
  const lines = parseIgnoreFile(content.toString("latin1"), repo.config.flag("core.ignorecase") ?? false);
  return (path) => {
    for (let at = path; at !== ""; at = parentOf(at)) {
      const isDirectory = at !== path;
      const match = lines.find(({ pattern }) => (isDirectory || !pattern.onlyDirectories) && pattern.matches(at));
      if (match) return match.pattern.isNegative;
    }
    return true;
  };
}
