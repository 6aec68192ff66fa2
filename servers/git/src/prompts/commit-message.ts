import { user } from "@mcp-reference/runtime";
import * as z from "zod";
import { prompt } from "../define.js";
import { stagedChanges } from "../repository/worktree/changed-files.js";
import { attachDiff } from "./attach-diff.js";
import { DATA_ONLY } from "./data-only.js";

export const commitMessage = prompt({
  name: "commit_message",
  description: "Write the message for what is staged.",
  args: z.strictObject({
    style: z.string().min(1).max(500).optional().describe("Conventions to keep, such as Conventional Commits"),
  }),
  async messages({ style }, context) {
    const repo = context.repositories.open();
    const changes = await stagedChanges(repo, { signal: context.signal });
    if (changes.length === 0) return [user("Nothing is staged. Stage the changes first, with git_add.")];
    const { message, note } = await attachDiff(repo, changes, context);
    return [message, user(`${COMMIT_MESSAGE_TASK}${style ? ` Keep to this: ${style}.` : ""} ${DATA_ONLY}${note}`)];
  },
});

/** What makes a commit message a good one. */
export const COMMIT_MESSAGE_TASK =
  "Write the commit message for the attached changes: a subject of at most 72 characters in the imperative, a blank line, and " +
  "where it is not plain why they were made, a short paragraph that says so. Answer with the message alone.";
