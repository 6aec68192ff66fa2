import { writes } from "@mcp-reference/runtime";
import * as z from "zod";
import { reflogIdentity } from "../changes/identity.js";
import { tool } from "../define.js";
import { repoPath } from "../fields.js";
import { refMoves, remoteName } from "../remote/fields.js";
import { defaultRemote } from "../remote/settings/remote-settings.js";
import { describeMoves } from "../remote/sync/describe-moves.js";
import { fetchRemote } from "../remote/sync/fetch.js";

export const gitFetch = tool({
  name: "git_fetch",
  description: "Bring new commits of a remote and update its remote-tracking branches; branches here stay as they are.",
  effect: writes({ openWorld: true, idempotent: true }),
  set: "remote",
  input: z.strictObject({
    repo_path: repoPath,
    remote: remoteName.optional(),
    prune: z.boolean().default(false).describe("Remove tracking branches that are gone there"),
    tags: z.enum(["reachable", "all", "none"]).default("reachable").describe("reachable: of commits that are here"),
    depth: z.number().int().min(1).max(2_147_483_647).optional().describe("Commits of history; 2147483647: all"),
  }),
  output: z.object({
    remote: z.string().describe("Name"),
    url: z.string().describe("Without credentials"),
    ...refMoves,
    bytes: z.number().int().describe("Bytes received"),
  }),
  async handle({ repo_path, remote, prune, tags, depth }, { repositories, remoteAccess, signal, progress }) {
    const repo = repositories.open(repo_path);
    const name = remote ?? defaultRemote(repo);
    const who = reflogIdentity(repo.config);
    const options = { remote: name, prune, tags, depth, who, signal, onProgress: progress };
    const { url, moves, bytes } = await fetchRemote(repo, remoteAccess, options);
    return { remote: name, url, ...describeMoves(moves), bytes };
  },
});
