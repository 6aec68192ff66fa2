import { ToolError } from "@mcp-reference/validation";
import { type ByteString, bytesOf, textOf } from "../../repository/bytes/byte-string.js";
import type { ObjectId } from "../../repository/object-id.js";
import { refNameProblem } from "../../repository/refs/ref-format.js";
import type { Repository } from "../../repository/repository.js";
import { resolveObject } from "../../repository/revision/resolve.js";
import { upstreamOf } from "../settings/remote-settings.js";

/** What goes where. */
export interface PushTarget {
  /** Full name of the branch or tag here; undefined for a commit that is named otherwise. */
  readonly source: ByteString | undefined;
  readonly oid: ObjectId;
  /** Full name of the ref there. */
  readonly destination: ByteString;
}

/**
 * Reads a refspec such as `main`, `v1.0`, `HEAD:refs/heads/topic`; without one it is the current branch, to the one of its name.
 * @throws ToolError INVALID_ARGUMENT, NOT_FOUND, UNSUPPORTED
 */
export function pushTarget(repo: Repository, remote: ByteString, refspec: string | undefined): PushTarget {
  if (refspec === undefined) return currentBranch(repo, remote);
  if (refspec.startsWith("+")) {
    throw new ToolError("UNSUPPORTED", "pushes are not forced", {
      hint: "Use force_with_lease with what the remote has now",
    });
  }
  const [source = "", destination, ...more] = bytesOf(refspec).split(":");
  if (source === "" || destination === "" || more.length > 0) {
    throw new ToolError("INVALID_ARGUMENT", "that is no refspec", { hint: "Write source, or source:destination" });
  }
  const local = localRef(repo, source);
  const oid = local ? repo.refs.resolve(local) : resolveObject(repo, textOf(source)).oid;
  if (oid === undefined) throw new ToolError("NOT_FOUND", `there is no ${textOf(source)}`);
  return { source: local, oid, destination: fullDestination(destination ?? source, local) };
}

/** Full name of a branch of the remote. @throws ToolError INVALID_ARGUMENT */
export const remoteBranch = (name: string): ByteString => fullDestination(bytesOf(name), "refs/heads/x");

function currentBranch(repo: Repository, remote: ByteString): PushTarget {
  const head = repo.refs.head();
  if (head.kind === "detached") {
    throw new ToolError("INVALID_ARGUMENT", "no branch is checked out", { hint: "Name what to push as refspec" });
  }
  if (head.oid === undefined) throw new ToolError("NOT_FOUND", "the current branch has no commit yet");
  const upstream = upstreamOf(repo, head.ref, remote) ?? head.ref;
  if (upstream === head.ref) return { source: head.ref, oid: head.oid, destination: upstream };
  const [here, there] = [head.ref, upstream].map((ref) => textOf(ref.replace(/^refs\/heads\//, "")));
  throw new ToolError("INVALID_ARGUMENT", `${here} follows ${there}, a branch of another name`, {
    hint: `Give ${here}:${there} or ${here} as refspec`,
  });
}

function localRef({ refs }: Repository, name: ByteString): ByteString | undefined {
  const head = refs.head();
  if ((name === "HEAD" || name === "@") && head.kind === "branch") return head.ref;
  return [`refs/heads/${name}`, `refs/tags/${name}`, name].find(
    (ref) => ref.startsWith("refs/") && refNameProblem(ref) === undefined && refs.resolve(ref) !== undefined,
  );
}

function fullDestination(name: ByteString, source: ByteString | undefined): ByteString {
  const prefix = source?.startsWith("refs/tags/") ? "refs/tags/" : "refs/heads/";
  const full = name.startsWith("refs/")
    ? name
    : prefix + (name === "HEAD" && source ? source.slice(prefix.length) : name);
  const problem = refNameProblem(full);
  if (problem) throw new ToolError("INVALID_ARGUMENT", `the name ${textOf(name)} ${problem}`);
  if (source === undefined && !name.startsWith("refs/") && (name === "HEAD" || /^[\da-f]{40}$/.test(name))) {
    throw new ToolError("INVALID_ARGUMENT", "a commit needs a branch to be pushed to", { hint: "Write commit:branch" });
  }
  return full;
}
