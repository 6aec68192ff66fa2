import { writes } from "@mcp-reference/runtime";
import { ToolError, textUpTo } from "@mcp-reference/validation";
import * as z from "zod";
import { reflogIdentity } from "../changes/identity.js";
import { tool } from "../define.js";
import { repoPath } from "../fields.js";
import { remoteName } from "../remote/fields.js";
import { addRemote, listRemotes, removeRemote, renameRemote, setRemoteUrl } from "../remote/settings/edit-remotes.js";

export const gitRemote = tool({
  name: "git_remote",
  description: "List the remotes of a repository, or add, remove, rename or redirect one.",
  effect: writes({ destructive: true }),
  set: "remote",
  input: z.strictObject({
    repo_path: repoPath,
    action: z.enum(["list", "add", "remove", "rename", "set_url"]).default("list").describe("What to do"),
    name: remoteName.optional().describe("All but list need it"),
    url: textUpTo(8192).optional().describe("For add and set_url: https://, without credentials"),
    new_name: remoteName.optional().describe("For rename"),
  }),
  output: z.object({
    remotes: z
      .array(
        z.object({
          name: z.string().describe("What fetch and push call it"),
          url: z.string().describe("Without credentials"),
          push_url: z.string().optional().describe("Where it differs"),
        }),
      )
      .describe("All that are configured now"),
  }),
  handle({ repo_path, action, name, url, new_name }, { repositories, remoteAccess: { guard } }) {
    const repo = repositories.open(repo_path);
    const who = reflogIdentity(repo.config);
    if (action === "add") addRemote(repo, needed("name", name), needed("url", url), guard);
    if (action === "set_url") setRemoteUrl(repo, needed("name", name), needed("url", url), guard);
    if (action === "remove") removeRemote(repo, needed("name", name), who);
    if (action === "rename") renameRemote(repo, needed("name", name), needed("new_name", new_name), who);
    return {
      remotes: listRemotes(repo).map(({ name, url, pushUrl }) => ({
        name,
        url,
        ...(pushUrl && { push_url: pushUrl }),
      })),
    };
  },
});

function needed(field: string, value: string | undefined): string {
  if (value !== undefined) return value;
  throw new ToolError("INVALID_ARGUMENT", `${field} is missing`);
}
