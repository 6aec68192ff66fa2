import { confirm, sends } from "@mcp-reference/runtime";
import { textUpTo } from "@mcp-reference/validation";
import * as z from "zod";
import { hooksNote } from "../changes/hooks.js";
import { reflogIdentity } from "../changes/identity.js";
import { tool } from "../define.js";
import { repoPath } from "../fields.js";
import { shownUrl } from "../remote/access/remote-url.js";
import { remoteName } from "../remote/fields.js";
import { defaultRemote, remoteSettings } from "../remote/settings/remote-settings.js";
import { pushToRemote } from "../remote/sync/push.js";
import { textOf } from "../repository/bytes/byte-string.js";

export const gitPush = tool({
  name: "git_push",
  description:
    "Send commits, by default the current branch to the one of its name. Overwrites nothing unless told exactly what.",
  effect: sends({ destructive: true }),
  set: "remote",
  input: z.strictObject({
    repo_path: repoPath,
    remote: remoteName.optional(),
    refspec: textUpTo(2000).optional().describe("Branch, tag, or source:destination"),
    set_upstream: z.boolean().default(false).describe("Follow the remote's branch from now on"),
    force_with_lease: z
      .string()
      .regex(/^[0-9a-f]{40}$/)
      .optional()
      .describe("Overwrite, if the branch there is this commit now"),
    delete_branch: textUpTo(1000).optional().describe("Branch of the remote to delete; nothing is sent"),
  }),
  output: z.object({
    url: z.string().describe("Without credentials"),
    ref: z.string().describe("At the remote"),
    from: z.string().optional().describe("Its commit before; absent for a new ref"),
    to: z.string().optional().describe("Its commit now; absent for a deleted ref"),
    objects: z.number().int().describe("Objects sent"),
    undo: z.string().optional().describe("Refspec that brings back what was lost there"),
    note: z.string().optional().describe("What else to know"),
  }),
  ask({ repo_path, remote, refspec, force_with_lease, delete_branch }, { repositories }) {
    if (delete_branch === undefined && force_with_lease === undefined) return undefined;
    const repo = repositories.open(repo_path);
    const name = remote ?? defaultRemote(repo);
    const where = `${name}, ${shownUrl(remoteSettings(repo, name).pushUrl)}`;
    if (delete_branch !== undefined) return confirm(`Delete the branch ${delete_branch} of ${where}?`);
    return confirm(
      `Overwrite ${refspec ?? "the current branch"} at ${where}, losing commits that only ${force_with_lease} has?`,
    );
  },
  async handle(
    { repo_path, remote, refspec, set_upstream, force_with_lease, delete_branch },
    { repositories, remoteAccess, signal, progress },
  ) {
    const repo = repositories.open(repo_path);
    const { url, ref, from, to, objects, undoRef } = await pushToRemote(repo, remoteAccess, {
      ...{ remote: remote ?? defaultRemote(repo), refspec, setUpstream: set_upstream },
      ...{ forceWithLease: force_with_lease, deleteBranch: delete_branch },
      who: reflogIdentity(repo.config),
      signal,
      onProgress: (done, total) => progress(done, total, "objects sent"),
    });
    const undo = undoRef && textOf(`${undoRef}:${ref}`);
    return { url, ref: textOf(ref), from, to, objects, undo, note: hooksNote(repo, "push") };
  },
});
