import type { ByteString } from "../../repository/bytes/byte-string.js";
import type { ObjectId } from "../../repository/object-id.js";
import { type CommitFields, formatCommit } from "../../repository/objects/format-commit.js";
import type { Signature } from "../../repository/objects/types.js";
import type { Repository } from "../../repository/repository.js";
import { configuredSigner } from "../signing/configured-signer.js";

export interface NewCommit {
  readonly tree: ObjectId;
  readonly parents: readonly ObjectId[];
  readonly author: Signature;
  readonly committer: Signature;
  /** As it is to be stored; see `cleanMessage`. */
  readonly message: ByteString;
  readonly headers?: CommitFields["headers"] | undefined;
  /** Default: as `commit.gpgsign` says. */
  readonly sign?: boolean | undefined;
}

/** Writes a commit object, signed where the configuration asks for it. @throws ToolError UNSUPPORTED where it cannot be signed */
export function createCommit(repo: Repository, { sign, headers = [], ...commit }: NewCommit): ObjectId {
  const fields: CommitFields = { ...commit, encoding: undefined, headers };
  const signer = sign === false ? undefined : configuredSigner(repo.config, "commit.gpgsign");
  if (!signer) return repo.objects.write("commit", formatCommit(fields));
  const value = signer(formatCommit(fields)).trimEnd();
  return repo.objects.write("commit", formatCommit({ ...fields, headers: [...headers, { name: "gpgsig", value }] }));
}
