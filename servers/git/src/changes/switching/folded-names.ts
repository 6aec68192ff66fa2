import { ToolError } from "@mcp-reference/validation";
import { type ByteString, textOf } from "../../repository/bytes/byte-string.js";
import type { Repository } from "../../repository/repository.js";
import type { IndexDraft } from "../index-edit/index-draft.js";
import { directoriesAbove } from "../worktree/byte-path.js";
import type { WorktreePlan } from "./worktree-plan.js";

/**
 * Refuses a plan whose files are one and the same on a file system that does not tell `a` from `A`: writing one would replace the
 * other, or lead through a link of that name.
 * @throws ToolError UNSUPPORTED
 */
export function refuseFoldedNames(repo: Repository, plan: WorktreePlan, draft: IndexDraft): void {
  if (repo.config.flag("core.ignorecase") !== true || plan.write.length === 0) return;
  const removed = new Set(plan.remove.map(({ path }) => path));
  const spellings = new Map<string, ByteString>();
  const paths = [...draft.entries(), ...plan.write].map(({ path }) => path);
  for (const path of paths) {
    if (removed.has(path)) continue;
    for (const name of [...directoriesAbove(path), path]) {
      const key = folded(name);
      const known = spellings.get(key) ?? name;
      spellings.set(key, known);
      if (known !== name) {
        throw new ToolError("UNSUPPORTED", `${textOf(known)} and ${textOf(name)} are one file on this file system`, {
          hint: "Check out where names that differ in case are different files",
        });
      }
    }
  }
}

const folded = (name: ByteString): string => textOf(name).normalize("NFC").toLowerCase();
