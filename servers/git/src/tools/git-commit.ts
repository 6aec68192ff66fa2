import { writes } from "@mcp-reference/runtime";
import { ToolError } from "@mcp-reference/validation";
import * as z from "zod";
import { shortName } from "../changes/branches/branch-name.js";
import { commit } from "../changes/commit/commit.js";
import { tool } from "../define.js";
import { repoPath } from "../fields.js";
import { bytesOf, textOf } from "../repository/bytes/byte-string.js";

export const gitCommit = tool({
  name: "git_commit",
  description: "Commit what is staged; ends a merge. Hooks are not run.",
  effect: writes(),
  set: "write",
  input: z.strictObject({
    repo_path: repoPath,
    message: z.string().optional().describe("May be left out to amend or end a merge"),
    amend: z.boolean().default(false).describe("Replace the last commit"),
    allow_empty: z.boolean().default(false).describe("Without changes"),
    expected_head: z.string().optional().describe("Commit id that HEAD must be"),
    author: z.string().optional().describe("Name <email>; default: as configured"),
    sign: z.boolean().optional().describe("false: unsigned though configured"),
  }),
  output: z.object({
    commit: z.string().describe("Its id"),
    branch: z.string().optional().describe("Absent where HEAD is detached"),
    subject: z.string().describe("First line of the message"),
    undo: z.string().optional().describe("How to get back to before"),
    note: z.string().optional().describe("What git would have done besides"),
  }),
  async handle({ repo_path, message, amend, allow_empty, expected_head, author, sign }, { repositories, signal }) {
    const repo = repositories.open(repo_path);
    const done = await commit(
      repo,
      {
        message: message === undefined ? undefined : bytesOf(message),
        amend,
        allowEmpty: allow_empty,
        expectedHead: expected_head,
        author: author === undefined ? undefined : personOf(author),
        sign,
      },
      signal,
    );
    const before = done.undoRef ?? done.parents[0];
    return {
      commit: done.oid,
      ...(done.branch && { branch: shortName(done.branch) }),
      subject: textOf(done.subject),
      ...(before && { undo: `git_reset mode soft revision ${textOf(before)}` }),
      ...(done.note && { note: done.note }),
    };
  },
});

function personOf(author: string): { name: string; email: string } {
  const [, name, email] = /^([^<>\n]{1,250}) <([^<>\n]{0,250})>$/.exec(author) ?? [];
  if (name === undefined || email === undefined) {
    throw new ToolError("INVALID_ARGUMENT", "author must be written as Name <email>");
  }
  return { name: bytesOf(name), email: bytesOf(email) };
}
