import type { GitConfig } from "../repository/config/types.js";
import type { ConflictStyle } from "./lines/merge-chunks.js";

/** How `merge.conflictStyle` wants conflicts shown. */
export function conflictStyle(config: GitConfig): ConflictStyle {
  const style = config.get("merge.conflictstyle");
  return style === "diff3" || style === "zdiff3" ? style : "merge";
}
