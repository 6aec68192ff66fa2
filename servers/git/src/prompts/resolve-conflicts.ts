import { attachment, user } from "@mcp-reference/runtime";
import * as z from "zod";
import { prompt } from "../define.js";
import { listConflicts } from "../merging/conflicts/list-conflicts.js";
import { textOf } from "../repository/bytes/byte-string.js";
import type { Repository } from "../repository/repository.js";
import { worktreeOf } from "../repository/worktree/hash-file.js";
import { DATA_ONLY } from "./data-only.js";

export const resolveConflicts = prompt({
  name: "resolve_conflicts",
  description: "Resolve the conflicts of a merge, rebase, cherry-pick or revert.",
  args: z.strictObject({}),
  messages(_, { repositories, maxOutput }) {
    const repo = repositories.open();
    const conflicts = listConflicts(repo);
    if (conflicts.length === 0) return [user("There are no conflicts to resolve.")];
    const lines = conflicts.map(({ path, kind }) => `${textOf(path)}: ${kind}`);
    const files = filesThatFit(
      repo,
      conflicts.map(({ path }) => path),
      maxOutput - Buffer.byteLength(lines.join("\n")),
    );
    return [
      attachment("git:conflicts", lines.join("\n"), "text/plain"),
      ...files.map(({ path, text }) => attachment(`git:worktree/${encodeURI(path)}`, text, "text/plain")),
      user(`${TASK} ${DATA_ONLY}${files.length < conflicts.length ? REST : ""}`),
    ];
  },
});

const TASK =
  "Resolve these conflicts. For each file say what either side wanted and how both can be kept; git_list_conflicts with a path shows " +
  "the three versions, git_log and git_blame why they came about. Ask where the sides contradict each other. Then write the files, " +
  "stage them with git_add, and go on with what was begun.";

const REST = " Files that are not attached are deleted, binary or large: read them first.";

/** Text files with their markers, as many as fit. */
function filesThatFit(repo: Repository, paths: readonly string[], maxBytes: number) {
  const worktree = worktreeOf(repo);
  let room = maxBytes;
  return paths.flatMap((path) => {
    if (worktree.readLink(path) !== undefined || (worktree.stat(path)?.size ?? 0n) > room) return [];
    const content = worktree.read(path);
    if (content === undefined || content.includes(0)) return [];
    room -= content.length;
    return [{ path: textOf(path), text: content.toString() }];
  });
}
