import { compileGlob } from "@mcp-reference/security";
import { textOf } from "../../repository/bytes/byte-string.js";
import type { Signature } from "../../repository/objects/types.js";
import type { Ref } from "../../repository/refs/types.js";
import type { Repository } from "../../repository/repository.js";
import { abbreviate } from "../../repository/revision/abbreviate.js";
import { peelTags } from "../../repository/revision/peel.js";
import { signatureDate } from "../commits/signature.js";
import { type ReachabilityFilter, reachable } from "./reachable.js";

export interface ListTagsRequest extends ReachabilityFilter {
  /** Glob on the name. */
  readonly pattern: string | undefined;
  readonly from: number;
  readonly limit: number;
}

const PREFIX = "refs/tags/";

/** One page of tags, the newest first. */
export async function listTags(repo: Repository, request: ListTagsRequest) {
  const { pattern, from, limit } = request;
  const isWanted = pattern === undefined ? () => true : compileGlob(pattern);
  const named = repo.refs.list(PREFIX).filter(({ name }) => isWanted(textOf(name.slice(PREFIX.length))));
  const tags = (await reachable(repo, named, request))
    .map((ref) => describeTag(repo, ref))
    .sort((one, other) => (other.made?.seconds ?? 0) - (one.made?.seconds ?? 0));
  const page = tags.slice(from, from + limit).map(({ made, tag, commit, message }) => ({
    tag,
    commit,
    ...(made && { date: signatureDate(made) }),
    ...(message && { message }),
  }));
  return { tags: page, more: tags.length > from + limit };
}

interface DescribedTag {
  readonly tag: string;
  readonly commit: string;
  readonly made: Signature | undefined;
  readonly message: string | undefined;
}

function describeTag(repo: Repository, { name, oid }: Ref): DescribedTag {
  const target = peelTags(repo.objects, oid);
  const annotation = target.oid === oid ? undefined : repo.objects.tag(oid);
  return {
    tag: textOf(name.slice(PREFIX.length)),
    commit: abbreviate(repo, target.oid),
    made: annotation?.tagger ?? (target.type === "commit" ? repo.objects.commit(target.oid).committer : undefined),
    message: annotation && textOf(annotation.message).split("\n", 1)[0]?.slice(0, 500),
  };
}
