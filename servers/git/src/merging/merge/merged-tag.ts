import { signatureStart } from "../../changes/signing/signature-start.js";
import type { ByteString } from "../../repository/bytes/byte-string.js";
import type { Tag } from "../../repository/objects/types.js";
import type { Repository } from "../../repository/repository.js";
import { resolveObject } from "../../repository/revision/resolve.js";

/** The annotated tag that a revision names; undefined where it leads to something else. */
export function mergedTag(repo: Repository, revision: string): Tag | undefined {
  const { oid, type } = resolveObject(repo, revision, "commit");
  if (type !== "tag") return undefined;
  return repo.objects.tag(oid);
}

/** What a tag says, without its signature. */
export const tagText = ({ message }: Tag): ByteString => message.slice(0, signatureStart(message));
