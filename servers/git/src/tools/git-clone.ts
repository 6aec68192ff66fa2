import { writes } from "@mcp-reference/runtime";
import { filePath, textUpTo } from "@mcp-reference/validation";
import * as z from "zod";
import { tool } from "../define.js";
import { clonedPath } from "../remote/access/cloned-path.js";
import { cloneRepository } from "../remote/sync/clone.js";

export const gitClone = tool({
  name: "git_clone",
  description: "Copy a remote repository over https and check it out. depth 1 is fastest where history is not needed.",
  effect: writes({ openWorld: true }),
  set: "remote",
  input: z.strictObject({
    url: textUpTo(8192).describe("https:// URL, without credentials"),
    path: filePath
      .optional()
      .describe("New or empty directory; default: the repository's name, in the first allowed one"),
    branch: textUpTo(1000).optional().describe("Branch or tag to check out"),
    depth: z.number().int().min(1).max(1_000_000).optional().describe("Commits of history; default all"),
    single_branch: z.boolean().optional().describe("Only that branch; default: where depth is given"),
  }),
  output: z.object({
    path: z.string().describe("Where the clone is"),
    url: z.string().describe("Without credentials"),
    branch: z.string().optional().describe("Absent where the remote is empty"),
    commit: z.string().optional().describe("Checked out"),
    files: z.number().int().describe("Files checked out"),
    bytes: z.number().int().describe("Bytes received"),
  }),
  async handle({ url, path, branch, depth, single_branch }, { repositories, remoteAccess, signal, progress }) {
    const place = repositories.placeFor(path ?? clonedPath(url));
    const { roots } = repositories;
    const cloned = await cloneRepository(remoteAccess, {
      ...{ url, path: place, roots, branch, depth, singleBranch: single_branch },
      signal,
      onProgress: progress,
    });
    const { files, bytes, head: commit } = cloned;
    return { path: place, url: cloned.url, branch: cloned.branch, commit, files, bytes };
  },
});
