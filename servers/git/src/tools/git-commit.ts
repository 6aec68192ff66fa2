import { writes } from "@mcp-reference/runtime";
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
    message: z.string().max(100_000).optional().describe("Needed unless amending or merging"),
    amend: z.boolean().default(false).describe("Replace the last commit"),
    allow_empty: z.boolean().default(false),
    expected_head: z.string().max(40).optional().describe("Fail unless HEAD is this commit id"),
    author: z
      .string()
      .max(500)
      .regex(/^[^<>\n]+ <[^<>\n]*>$/, "must be Name <email>")
      .optional()
      .describe("Name <email>; default: user.name and user.email"),
    sign: z.boolean().optional().describe("false: no signature though one is configured"),
  }),
  output: z.object({
    commit: z.string(),
    branch: z.string().optional().describe("Absent where HEAD is detached"),
    subject: z.string(),
    undo: z.string().optional(),
    note: z.string().optional(),
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
    return {
      commit: done.oid,
      ...(done.branch && { branch: shortName(done.branch) }),
      subject: textOf(done.subject),
      ...(done.undoRef && { undo: `git_reset mode soft revision ${textOf(done.undoRef)}` }),
      ...(done.note && { note: done.note }),
    };
  },
});

function personOf(author: string): { name: string; email: string } {
  const [, name = "", email = ""] = /^(.*) <(.*)>$/.exec(author) ?? [];
  return { name: bytesOf(name), email: bytesOf(email) };
}
