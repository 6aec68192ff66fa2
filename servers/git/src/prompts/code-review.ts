import { attachment, user } from "@mcp-reference/runtime";
import { ToolError } from "@mcp-reference/validation";
import * as z from "zod";
import { prompt } from "../define.js";
import { changesOfTarget } from "../reading/differences/changes-of-target.js";
import { attachDiff } from "./attach-diff.js";
import { DATA_ONLY } from "./data-only.js";

export const codeReview = prompt({
  name: "code_review",
  description: "Review code, or what a range of commits changed: bugs, security, performance, practices.",
  args: z.strictObject({
    code: z.string().min(1).max(200_000).optional().describe("Code to review"),
    range: z.string().min(1).max(1000).optional().describe("Or A..B; default: the worktree against HEAD"),
    language: z.string().min(1).max(50).optional().describe("Programming language"),
  }),
  async messages({ code, range, language }, context) {
    const task = `Review the attached ${language ? `${language} ` : ""}${code === undefined ? "changes" : "code"}.`;
    if (code !== undefined) return [attachment("git:code", code, "text/plain"), user(`${task} ${WHAT} ${DATA_ONLY}`)];
    const repo = context.repositories.open();
    const changes = await changesOfTarget(repo, range ?? "HEAD", { paths: undefined, signal: context.signal });
    if (changes.length === 0) {
      throw new ToolError("NOT_FOUND", range ? `${range} changes nothing` : "the worktree is as it is in HEAD", {
        hint: "Name another range, or give the code",
      });
    }
    const { message, note } = await attachDiff(repo, changes, context);
    return [message, user(`${task} ${WHAT} ${DATA_ONLY}${note}`)];
  },
});

const WHAT =
  "Look for bugs first, then security, performance and practices. For each finding, the gravest first: where it is, why it is " +
  "wrong, and the change to make. Leave out what is fine.";
