import type { ByteString } from "../../repository/bytes/byte-string.js";
import type { ObjectId } from "../../repository/object-id.js";
import type { Repository } from "../../repository/repository.js";
import { signatureStart } from "../signing/signature-start.js";

/** Headers of a commit that merges signed tags: all of each tag, so that its signature can still be checked. */
export const mergeTagHeaders = (
  { objects }: Repository,
  merged: readonly ObjectId[],
): { name: string; value: ByteString }[] =>
  merged
    .map((oid) => objects.read(oid))
    .filter(({ type, body }) => type === "tag" && signatureStart(body.toString("latin1")) !== undefined)
    .map(({ body }) => ({ name: "mergetag", value: body.toString("latin1").replace(/\n$/, "") }));
