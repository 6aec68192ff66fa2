import { formatHeader } from "./header-lines.js";
import { formatSignature } from "./signature.js";
import type { Tag } from "./types.js";

/** A tag without its id, which comes of what it says. */
export type TagFields = Omit<Tag, "oid">;

/** Body of an annotated tag's object. */
export function formatTag({ object, type, name, tagger, message }: TagFields): Buffer {
  const lines = [
    formatHeader("object", object),
    formatHeader("type", type),
    formatHeader("tag", name),
    ...(tagger ? [formatHeader("tagger", formatSignature(tagger))] : []),
  ];
  return Buffer.from(`${lines.join("")}\n${message}`, "latin1");
}
