import { ToolError } from "@mcp-reference/validation";
import { locked, type WriteContext } from "../write/locked.js";
import { commit } from "./commit.js";
import { Drafts, type FileChange } from "./draft.js";
import { parsePatch } from "./parse-patch.js";
import { stripNames } from "./patch-names.js";

export interface PatchOptions {
  /** Check only. */
  dryRun: boolean;
  /** Leading components to leave out of names; by default git's `a/` and `b/`. */
  strip?: number | undefined;
}

const REJECTIONS_LISTED = 10;

/**
 * Applies a unified diff to several files: all of it or nothing.
 * @throws ToolError CONFLICT listing the hunks that do not fit; INVALID_ARGUMENT for text that is no patch; UNKNOWN when
 * a failure half-way could not be undone
 */
export async function applyPatch(context: WriteContext, patch: string, options: PatchOptions): Promise<FileChange[]> {
  const files = parsePatch(patch);
  const names = files.flatMap((file) => Object.values(stripNames(file, options.strip)));
  const paths = names.filter((name) => name !== null);
  return locked(context, paths, async () => {
    const drafts = new Drafts(context.sandbox, context.signal);
    for (const file of files) await drafts.apply(file, options.strip);
    if (drafts.rejected.length > 0) throw rejectedHunks(drafts);
    if (!options.dryRun) await commit(context.sandbox, drafts.changed, context.signal);
    return drafts.changes;
  });
}

function rejectedHunks({ rejected }: Drafts): ToolError {
  const list = rejected
    .slice(0, REJECTIONS_LISTED)
    .map(({ path, hunk, reason }) => `\n${path}: ${hunk.header.slice(0, 200)}: ${reason}`);
  const more = rejected.length > list.length ? `\nand ${rejected.length - list.length} more` : "";
  const hunks = rejected.length === 1 ? "one hunk does" : `${rejected.length} hunks do`;
  return new ToolError("CONFLICT", `${hunks} not fit; nothing was changed.${list.join("")}${more}`, {
    hint: "Read the files and make the patch from what they hold now",
  });
}
