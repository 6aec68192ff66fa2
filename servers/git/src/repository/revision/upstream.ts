import { ToolError } from "@mcp-reference/validation";
import { type ByteString, textOf } from "../bytes/byte-string.js";
import type { GitConfig } from "../config/types.js";
import type { Repository } from "../repository.js";

/** The ref that a branch is configured to follow; undefined where none is. @param branch its full name */
export function trackedRef(config: GitConfig, branch: ByteString): ByteString | undefined {
  const name = branch.replace(/^refs\/heads\//, "");
  const remote = config.get(`branch.${name}.remote`);
  const merge = config.get(`branch.${name}.merge`);
  if (remote === undefined || merge === undefined) return undefined;
  if (remote === ".") return merge;
  for (const refspec of config.all(`remote.${remote}.fetch`)) {
    const tracked = mapped(refspec, merge);
    if (tracked !== undefined) return tracked;
  }
  return undefined;
}

/** Where a refspec such as `+refs/heads/*:refs/remotes/origin/*` puts a ref of the remote. */
function mapped(refspec: ByteString, ref: ByteString): ByteString | undefined {
  const [source, destination] = refspec.replace(/^\+/, "").split(":");
  if (source === undefined || destination === undefined || destination === "" || refspec.startsWith("^"))
    return undefined;
  const star = source.indexOf("*");
  if (star < 0) return source === ref ? destination : undefined;
  const before = source.slice(0, star);
  const after = source.slice(star + 1);
  if (ref.length < before.length + after.length || !ref.startsWith(before) || !ref.endsWith(after)) return undefined;
  return destination.replace("*", () => ref.slice(before.length, ref.length - after.length));
}

/** As {@link trackedRef}. @throws ToolError NOT_FOUND */
export function upstreamOf(repo: Repository, text: string, branch: ByteString): ByteString {
  const tracked = trackedRef(repo.config, branch);
  if (tracked !== undefined) return tracked;
  throw new ToolError("NOT_FOUND", `"${text}" names nothing: ${textOf(branch)} has no upstream`, {
    hint: "Name the branch to compare with, such as origin/main",
  });
}
