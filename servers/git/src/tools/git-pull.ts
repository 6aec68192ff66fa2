import { writes } from "@mcp-reference/runtime";
import { textUpTo } from "@mcp-reference/validation";
import * as z from "zod";
import { hooksNote } from "../changes/hooks.js";
import { reflogIdentity } from "../changes/identity.js";
import { tool } from "../define.js";
import { repoPath } from "../fields.js";
import { remoteName } from "../remote/fields.js";
import { defaultRemote } from "../remote/settings/remote-settings.js";
import { pullFromRemote } from "../remote/sync/pull.js";
import { textOf } from "../repository/bytes/byte-string.js";

export const gitPull = tool({
  name: "git_pull",
  description:
    "Fetch the branch that the current one follows and move forward to it; by default only where that is possible.",
  effect: writes({ openWorld: true }),
  set: "remote",
  input: z.strictObject({
    repo_path: repoPath,
    remote: remoteName.optional(),
    branch: textUpTo(1000).optional().describe("Branch of the remote; default: the upstream"),
    when_parted: z
      .enum(["refuse", "merge", "rebase"])
      .default("refuse")
      .describe("Where both have commits of their own"),
  }),
  output: z.object({
    result: z.enum(["up to date", "fast-forward", "merged", "rebased", "conflicts"]).describe("What was done"),
    branch: z.string().describe("The one checked out"),
    from: z.string().optional().describe("Its commit before"),
    to: z.string().describe("Its commit now"),
    conflicts: z.array(z.string()).optional().describe("Paths to resolve"),
    note: z.string().optional().describe("What else to know"),
  }),
  async handle({ repo_path, remote, branch, when_parted }, { repositories, remoteAccess, signal, progress }) {
    const repo = repositories.open(repo_path);
    const pulled = await pullFromRemote(repo, remoteAccess, {
      ...{ remote: remote ?? defaultRemote(repo), branch, whenParted: when_parted },
      who: reflogIdentity(repo.config),
      signal,
      onProgress: progress,
    });
    const { result, ref, from, to, conflicts } = pulled;
    const note = result === "up to date" ? undefined : hooksNote(repo, when_parted === "rebase" ? "rebase" : "merge");
    return {
      ...{ result, branch: textOf(ref.replace(/^refs\/heads\//, "")), from, to, note },
      ...(conflicts.length > 0 && { conflicts: conflicts.map(textOf) }),
    };
  },
});
