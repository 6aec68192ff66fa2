import { ToolError } from "@mcp-reference/validation";
import type { ByteString } from "../../repository/bytes/byte-string.js";
import { isObjectId, type ObjectId } from "../../repository/object-id.js";
import type { Repository } from "../../repository/repository.js";

/** A request of that many lines is one of 25 kB. */
const MOST_HAVES = 512;
/** How far back one branch is walked. */
const DEEPEST = 4096;

/**
 * Commits to tell a server that they need not be sent: what the remote had last time, then all other refs, then commits ever
 * farther back of these. A server that knows one of them knows what is below it.
 */
export function haves(repo: Repository, remote: ByteString | undefined): ObjectId[] {
  const known = remote === undefined ? [] : repo.refs.list(`refs/remotes/${remote}/`);
  const tips = [...known, ...repo.refs.list()].map(({ oid }) => oid);
  const found = new Set<ObjectId>();
  for (const tip of tips) if (found.size < MOST_HAVES / 2 && repo.objects.has(tip)) found.add(tip);
  for (const tip of [...found]) {
    for (const oid of farAncestors(repo, tip)) {
      if (found.size >= MOST_HAVES) return [...found];
      found.add(oid);
    }
  }
  return [...found];
}

/** First parents 1, 2, 4, 8 … commits below. */
function* farAncestors(repo: Repository, tip: ObjectId): Generator<ObjectId> {
  let oid: ObjectId | undefined = tip;
  for (let distance = 1; distance <= DEEPEST; distance++) {
    oid = firstParent(repo, oid);
    if (oid === undefined) return;
    if ((distance & (distance - 1)) === 0) yield oid;
  }
}

function firstParent({ objects }: Repository, oid: ObjectId): ObjectId | undefined {
  try {
    const parent = objects.commit(oid).parents[0];
    return parent !== undefined && isObjectId(parent) && objects.has(parent) ? parent : undefined;
  } catch (error) {
    // A tag of a tree or blob.
    if (error instanceof ToolError) return undefined;
    throw error;
  }
}
