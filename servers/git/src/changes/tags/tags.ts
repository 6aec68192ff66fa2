import { ToolError } from "@mcp-reference/validation";
import { type ByteString, bytesOf } from "../../repository/bytes/byte-string.js";
import type { ObjectId } from "../../repository/object-id.js";
import { formatTag, type TagFields } from "../../repository/objects/format-tag.js";
import { refNameProblem } from "../../repository/refs/ref-format.js";
import type { Repository } from "../../repository/repository.js";
import { resolveObject } from "../../repository/revision/resolve.js";
import { cleanMessage } from "../commit/message.js";
import { identityOf, type Moment, now, reflogIdentity } from "../identity.js";
import { configuredSigner } from "../signing/configured-signer.js";
import { keepForUndo } from "../undo-ref.js";

export interface TagRequest {
  readonly name: string;
  /** What it is for; `HEAD` unless given. */
  readonly revision?: string | undefined;
  /** Makes it an annotated tag. */
  readonly message?: ByteString | undefined;
  /** Moves one that is there already. */
  readonly force?: boolean | undefined;
  /** What one that is moved has to hold. */
  readonly expected?: ObjectId | undefined;
  /** False goes on without a signature where one is configured. */
  readonly sign?: boolean | undefined;
  readonly moment?: Moment | undefined;
}

export interface TagResult {
  readonly ref: ByteString;
  /** What the ref holds: the tag object of an annotated tag. */
  readonly oid: ObjectId;
  /** What is tagged. */
  readonly object: ObjectId;
  /** Keeps what a tag that was moved held before. */
  readonly undoRef: ByteString | undefined;
}

/** @throws ToolError ALREADY_EXISTS; INVALID_ARGUMENT for a bad name; what resolving throws; UNSUPPORTED where it cannot be signed */
export function createTag(repo: Repository, request: TagRequest): TagResult {
  const ref = tagRef(request.name);
  const before = repo.refs.resolve(ref);
  if (before !== undefined && !request.force) {
    throw new ToolError("ALREADY_EXISTS", `Tag "${request.name}" exists already`, { hint: "Pass force to move it" });
  }
  if (before !== undefined && request.expected !== undefined && request.expected !== before) {
    throw new ToolError("CONFLICT", `Tag "${request.name}" is at ${before} now`);
  }
  const { oid: object, type } = resolveObject(repo, request.revision ?? "HEAD", "commit");
  const { message } = request;
  const name = bytesOf(request.name);
  const oid = message === undefined ? object : writeTag(repo, { object, type, name, message }, request);
  const undoRef = before === undefined ? undefined : keepForUndo(repo, `move-tag-${request.name}`, before);
  const who = reflogIdentity(repo.config);
  repo.refs.update([{ ref, to: oid, expected: before ?? null }], { who, message: "" });
  return { ref, oid, object, undoRef };
}

/**
 * Deletes a tag; what it held stays reachable by a recovery ref.
 * @param expected what it has to hold
 * @throws ToolError NOT_FOUND, CONFLICT
 */
export function deleteTag(
  repo: Repository,
  name: string,
  expected?: ObjectId,
): { ref: ByteString; oid: ObjectId; undoRef: ByteString } {
  const { ref, oid } = existingTag(repo, name);
  if (expected !== undefined && expected !== oid) throw new ToolError("CONFLICT", `Tag "${name}" is at ${oid} now`);
  const undoRef = keepForUndo(repo, `delete-tag-${name}`, oid);
  repo.refs.update([{ ref, to: undefined, expected: oid }], { who: reflogIdentity(repo.config), message: "" });
  return { ref, oid, undoRef };
}

/** @throws ToolError INVALID_ARGUMENT */
export const hasTag = (repo: Repository, name: string): boolean => repo.refs.resolve(tagRef(name)) !== undefined;

/** @throws ToolError NOT_FOUND, INVALID_ARGUMENT */
export function existingTag(repo: Repository, name: string): { ref: ByteString; oid: ObjectId } {
  const ref = tagRef(name);
  const oid = repo.refs.resolve(ref);
  if (oid !== undefined) return { ref, oid };
  throw new ToolError("NOT_FOUND", `There is no tag "${name}"`, { hint: "git_list_tags lists the tags" });
}

function writeTag(repo: Repository, tag: Omit<TagFields, "tagger">, { sign, moment }: TagRequest): ObjectId {
  const tagger = identityOf(repo.config, "committer", moment ?? now());
  const fields: TagFields = { ...tag, tagger, message: cleanMessage(tag.message, "strip") };
  const signer = sign === false ? undefined : configuredSigner(repo.config, "tag.gpgsign");
  const signature = signer ? signer(formatTag(fields)) : "";
  return repo.objects.write("tag", formatTag({ ...fields, message: fields.message + signature }));
}

function tagRef(name: string): ByteString {
  const problem = refNameProblem(bytesOf(name));
  if (problem === undefined) return `refs/tags/${bytesOf(name)}`;
  throw new ToolError("INVALID_ARGUMENT", `"${name}" cannot name a tag: it ${problem}`);
}
