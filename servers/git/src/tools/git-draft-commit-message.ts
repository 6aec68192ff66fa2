import { reads, sample, text } from "@mcp-reference/runtime";
import { ToolError } from "@mcp-reference/validation";
import * as z from "zod";
import { tool } from "../define.js";
import { repoPath } from "../fields.js";
import { COMMIT_MESSAGE_TASK } from "../prompts/commit-message.js";
import { DATA_ONLY } from "../prompts/data-only.js";
import { diffPage } from "../reading/differences/diff-page.js";
import type { Repository } from "../repository/repository.js";
import { stagedChanges } from "../repository/worktree/changed-files.js";

/** Bytes of the diff that a model is shown: what comes after says little about why. */
const MOST_DIFF = 60_000;

/** Tokens of an answer. */
const MOST_TOKENS = 500;

const style = z.string().max(500).optional().describe("Conventions to keep");

export const gitDraftCommitMessage = tool({
  name: "git_draft_commit_message",
  description: "Draft a message for what is staged, with your model if offered; else get the diff and the task.",
  effect: reads(),
  set: "write",
  input: z.strictObject({ repo_path: repoPath, style }),
  async ask({ repo_path, style }, { repositories, maxOutput, signal }) {
    const request = await draftRequest(repositories.open(repo_path), style, maxOutput, signal);
    return sample([{ role: "user", content: { type: "text", text: request } }], { maxTokens: MOST_TOKENS });
  },
  async handle({ repo_path, style }, { repositories, maxOutput, signal }, drafted) {
    if (drafted !== undefined) return text(drafted.trim());
    return text(await draftRequest(repositories.open(repo_path), style, maxOutput, signal));
  },
});

async function draftRequest(
  repo: Repository,
  style: string | undefined,
  maxOutput: number,
  signal: AbortSignal,
): Promise<string> {
  const changes = await stagedChanges(repo, { signal });
  if (changes.length === 0) {
    throw new ToolError("INVALID_ARGUMENT", "Nothing is staged", { hint: "Stage the changes first, with git_add" });
  }
  const maxBytes = Math.min(MOST_DIFF, Math.max(1024, maxOutput - 2048));
  const { body, left, cut } = await diffPage(repo, { changes, format: "patch", context: 3, maxBytes, signal });
  const rest = left === 0 ? "" : ` ${left} more changed files are not shown.`;
  const beginning = cut === undefined ? "" : ` Of ${cut} only the beginning is shown.`;
  const kept = style === undefined ? "" : ` Keep to this: ${style}.`;
  return `${COMMIT_MESSAGE_TASK}${kept} ${DATA_ONLY}${beginning}${rest}\n\n${body}`;
}
