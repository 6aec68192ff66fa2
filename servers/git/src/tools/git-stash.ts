import { confirm, text, writes } from "@mcp-reference/runtime";
import { cursor, textUpTo } from "@mcp-reference/validation";
import * as z from "zod";
import { keepForUndo } from "../changes/undo-ref.js";
import { tool } from "../define.js";
import { paths, repoPath } from "../fields.js";
import { applyStash } from "../merging/stash/apply-stash.js";
import { pushStash } from "../merging/stash/push-stash.js";
import { dropStash, stashAt, stashes } from "../merging/stash/stash-list.js";
import { changesBetween } from "../reading/differences/changes-between.js";
import { diffResult, diffStart } from "../reading/differences/diff-result.js";
import { repositoryPaths } from "../reading/repository-path.js";
import { bytesOf, textOf } from "../repository/bytes/byte-string.js";
import type { Repository } from "../repository/repository.js";

const MOST_LISTED = 200;

export const gitStash = tool({
  name: "git_stash",
  description: "Put local changes away and get them back.",
  effect: writes({ destructive: true }),
  set: "write",
  input: z.strictObject({
    repo_path: repoPath,
    action: z.enum(["push", "list", "show", "apply", "pop", "drop"]).default("push").describe("What to do"),
    message: textUpTo(1000).optional().describe("push: its name"),
    paths: paths.optional().describe("push, show: only these"),
    include_untracked: z.boolean().default(false).describe("push: new files too"),
    keep_index: z.boolean().default(false).describe("push: leave staged changes"),
    stash: z.number().int().min(0).max(9999).default(0).describe("0 is the latest"),
    restore_index: z.boolean().default(false).describe("apply, pop: stage what was staged"),
    cursor: cursor.optional(),
  }),
  ask({ repo_path, action, stash }, { repositories }) {
    if (action !== "drop") return undefined;
    const { commit } = stashAt(repositories.open(repo_path), stash);
    return confirm(`Drop stash@{${stash}}: ${textOf(commit.message.trim())}?`);
  },
  async handle(input, context) {
    const repo = context.repositories.open(input.repo_path);
    const { action, stash: number, cursor } = input;
    if (action === "push") return push(repo, input, context.signal);
    if (action === "list") return list(repo);
    if (action === "drop") return drop(repo, number);
    if (action === "show") {
      const { base, commit } = stashAt(repo, number);
      const start = diffStart(cursor, context);
      const filter = { paths: repositoryPaths(input.paths), signal: context.signal };
      const changes = await changesBetween(repo, base.tree, commit.tree, filter);
      return diffResult(
        repo,
        changes,
        { format: "patch", context: 3, start, heading: `${textOf(commit.message.trim())}\n` },
        context,
      );
    }
    const request = { number, index: input.restore_index, pop: action === "pop", signal: context.signal };
    const applied = await applyStash(repo, request);
    if (applied.conflicts.length === 0) {
      const dropped = applied.dropped ? ` and dropped it; git_show ${applied.oid} still shows it` : "";
      return text(`Applied stash@{${number}}${dropped}.`);
    }
    const lines = applied.messages.slice(0, MOST_LISTED).map(textOf);
    return text(`${lines.join("\n")}\nThe stash is kept. Resolve the conflicts, git_add the files, then drop it.`);
  },
});

interface PushInput {
  readonly message?: string | undefined;
  readonly paths?: readonly string[] | undefined;
  readonly include_untracked: boolean;
  readonly keep_index: boolean;
}

async function push(repo: Repository, input: PushInput, signal: AbortSignal) {
  const stashed = await pushStash(repo, {
    message: input.message === undefined ? undefined : bytesOf(input.message),
    paths: repositoryPaths(input.paths),
    includeUntracked: input.include_untracked,
    keepIndex: input.keep_index,
    signal,
  });
  if (stashed === undefined) return text("There are no local changes to stash.");
  return text(`Stashed ${stashed.files} files as stash@{0}: ${textOf(stashed.message)}. Action pop brings them back.`);
}

function list(repo: Repository) {
  const all = stashes(repo);
  const lines = all.slice(0, MOST_LISTED).map(({ to, message }, n) => `stash@{${n}} ${to} ${textOf(message)}`);
  return text(lines.join("\n") || "Nothing is stashed.", all.length > MOST_LISTED ? `${all.length} in all` : undefined);
}

function drop(repo: Repository, number: number) {
  const { commit } = stashAt(repo, number);
  const undo = keepForUndo(repo, "stash-drop", commit.oid);
  dropStash(repo, number, commit.oid);
  return text(
    `Dropped stash@{${number}}. ${textOf(undo)} keeps it: git_restore paths ["."] source ${textOf(undo)} brings its files back.`,
  );
}
