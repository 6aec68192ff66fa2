import { ToolError } from "@mcp-reference/validation";
import { type ByteString, bytesOf, textOf } from "../../repository/bytes/byte-string.js";
import type { ObjectId } from "../../repository/object-id.js";
import { refNameProblem } from "../../repository/refs/ref-format.js";
import type { Repository } from "../../repository/repository.js";

const HEADS = "refs/heads/";

/** The full name of a branch to be made. @throws ToolError INVALID_ARGUMENT for what git does not take */
export function newBranchRef(name: string): ByteString {
  const bytes = bytesOf(name);
  const problem = bytes === "HEAD" ? "means what is checked out" : refNameProblem(bytes);
  if (problem === undefined) return HEADS + bytes;
  throw new ToolError("INVALID_ARGUMENT", `"${name}" cannot name a branch: it ${problem}`);
}

/** A branch that is there, by its name with or without `refs/heads/`. @throws ToolError NOT_FOUND, INVALID_ARGUMENT */
export function existingBranch(repo: Repository, name: string): { ref: ByteString; oid: ObjectId } {
  const ref = newBranchRef(name.replace(/^refs\/heads\//, ""));
  const oid = repo.refs.resolve(ref);
  if (oid !== undefined) return { ref, oid };
  throw new ToolError("NOT_FOUND", `There is no branch "${name}"`, { hint: "git_branch lists the branches" });
}

/** `main` of `refs/heads/main`. */
export const shortName = (ref: ByteString): string => textOf(ref.replace(/^refs\/(?:heads|tags|remotes)\//, ""));
