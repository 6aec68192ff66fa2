import type { ByteString } from "../../repository/bytes/byte-string.js";
import { Pace } from "../../repository/pace.js";
import type { Repository } from "../../repository/repository.js";
import { type IndexDraft, newEntry } from "../index-edit/index-draft.js";
import { nameOf } from "../worktree/byte-path.js";
import type { TrackedFile } from "../worktree/tracked-file.js";
import type { WorktreeWriter } from "../worktree/worktree-writer.js";

/** What is going to happen to the worktree; made and checked as a whole before anything does. */
export interface WorktreePlan {
  readonly remove: TrackedFile[];
  /** Untracked files and directories where tracked ones have to be. */
  readonly clear: ByteString[];
  readonly write: TrackedFile[];
}

export const emptyPlan = (): WorktreePlan => ({ remove: [], clear: [], write: [] });

/**
 * Carries a plan out: removals first, as a directory may become a file and a file a directory. What was written is put into the draft.
 * @throws ToolError what the file system refuses; the index then still tells the truth of what was there before
 */
export async function carryOut(
  plan: WorktreePlan,
  repo: Repository,
  writer: WorktreeWriter,
  draft: IndexDraft,
  signal?: AbortSignal,
): Promise<void> {
  const pace = new Pace(signal);
  for (const { path, mode } of plan.remove) {
    if (pace.due()) await pace.pause();
    writer.remove(path, mode);
  }
  for (const path of plan.clear) writer.clear(path);
  const write = async (files: readonly TrackedFile[]): Promise<void> => {
    for (const file of files) {
      if (pace.due()) await pace.pause();
      draft.put(newEntry(file, writer.write(file)));
    }
  };
  // They say how all the other files are written.
  await write(plan.write.filter(isAttributes));
  if ([...plan.remove, ...plan.write].some(isAttributes)) {
    repo.refresh();
    writer.convertAsIn(draft);
  }
  await write(plan.write.filter((file) => !isAttributes(file)));
}

const isAttributes = ({ path }: TrackedFile): boolean => nameOf(path) === ".gitattributes";
