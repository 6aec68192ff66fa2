import { ToolError } from "@mcp-reference/validation";
import { type ByteString, bytesOf, textOf } from "../../repository/bytes/byte-string.js";
import type { ObjectId } from "../../repository/object-id.js";
import { refNameProblem } from "../../repository/refs/ref-format.js";
import type { Repository } from "../../repository/repository.js";
import { resolveRevision } from "../../repository/revision/resolve.js";

/** What a checkout goes to. */
export type CheckoutTarget =
  | { readonly kind: "branch"; readonly ref: ByteString; readonly oid: ObjectId }
  /** A branch to be made first, of the one that a single remote has under this name. */
  | { readonly kind: "remote"; readonly name: string; readonly tracked: ByteString; readonly oid: ObjectId }
  | { readonly kind: "detached"; readonly oid: ObjectId };

/**
 * Finds what a name means, as `git checkout NAME`: a branch, then any revision, then a branch that just one remote has. `-` is what
 * was checked out before.
 * @throws ToolError AMBIGUOUS where several remotes have it; what {@link resolveRevision} throws
 */
export function checkoutTarget(repo: Repository, name: string, detach: boolean): CheckoutTarget {
  const wanted = name === "-" ? previousName(repo) : name;
  const ref = refNameProblem(bytesOf(wanted)) === undefined ? `refs/heads/${bytesOf(wanted)}` : undefined;
  const branch = ref === undefined ? undefined : repo.refs.resolve(ref);
  if (ref !== undefined && branch !== undefined && !detach) return { kind: "branch", ref, oid: branch };
  const remotes = detach || ref === undefined ? [] : remoteBranches(repo, bytesOf(wanted));
  try {
    return { kind: "detached", oid: branch ?? resolveRevision(repo, wanted) };
  } catch (error) {
    const [only, ...others] = remotes;
    if (!(error instanceof ToolError) || error.code !== "NOT_FOUND" || only === undefined) throw error;
    if (others.length === 0) return { kind: "remote", name: wanted, ...only };
    const names = remotes.map(({ tracked }) => textOf(tracked.slice("refs/remotes/".length)));
    throw new ToolError("AMBIGUOUS", `Several remotes have a branch "${wanted}": ${names.join(", ")}`, {
      hint: "Create the branch from one of them with git_create_branch",
    });
  }
}

/** What `HEAD` was at before, by the name that it was checked out by. */
function previousName(repo: Repository): string {
  for (const { message } of repo.refs.reflog("HEAD")) {
    const name = /^checkout: moving from (\S+) to /.exec(message)?.[1];
    if (name !== undefined) return textOf(name);
  }
  throw new ToolError("NOT_FOUND", "Nothing else was checked out before");
}

function remoteBranches(repo: Repository, name: ByteString): { tracked: ByteString; oid: ObjectId }[] {
  return repo.config.subsections("remote").flatMap((remote) => {
    const tracked = `refs/remotes/${remote}/${name}`;
    const oid = refNameProblem(tracked) === undefined ? repo.refs.resolve(tracked) : undefined;
    return oid === undefined ? [] : [{ tracked, oid }];
  });
}
