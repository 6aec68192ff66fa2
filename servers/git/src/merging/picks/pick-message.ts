import { subjectOf } from "../../changes/commit/message.js";
import type { ByteString } from "../../repository/bytes/byte-string.js";
import type { ObjectId } from "../../repository/object-id.js";
import type { Commit } from "../../repository/objects/types.js";

/** A last paragraph of nothing but lines like `Key: value` takes another one without a blank line. */
const TRAILER = /^(?:[A-Za-z0-9-]+\s*:\s?.*|\(cherry picked from commit [0-9a-f]+\)|\s+\S.*)$/;

/** Message of a commit that is picked: its own. @param recordOrigin adds where it comes from, as `git cherry-pick -x` */
export function pickMessage({ message, oid }: Commit, recordOrigin: boolean): ByteString {
  if (!recordOrigin) return message;
  const text = message.endsWith("\n") || message === "" ? message : `${message}\n`;
  const paragraphs = text.trimEnd().split(/\n\s*\n/);
  const last = paragraphs.at(-1) ?? "";
  const endsInTrailers = paragraphs.length > 1 && last.split("\n").every((line) => TRAILER.test(line));
  return `${text}${endsInTrailers ? "" : "\n"}(cherry picked from commit ${oid})\n`;
}

/** Message of a commit that takes another one back. @param parent the one that is gone back to, for a merge */
export function revertMessage({ message, oid, parents }: Commit, parent: ObjectId | undefined): ByteString {
  const changes = parents.length > 1 && parent !== undefined ? `, reversing\nchanges made to ${parent}` : "";
  return `Revert "${subjectOf(message)}"\n\nThis reverts commit ${oid}${changes}.\n`;
}
