import { isObjectId, type ObjectId, type ObjectType } from "../object-id.js";
import { damaged } from "./damaged.js";
import { parseHeaders } from "./header-lines.js";
import { parseSignature } from "./signature.js";
import type { Tag } from "./types.js";

const TYPES: ReadonlySet<string> = new Set<ObjectType>(["commit", "tree", "blob", "tag"]);
const isObjectType = (text: string | undefined): text is ObjectType => text !== undefined && TYPES.has(text);

/** @throws ToolError UPSTREAM for one that does not say what it tags */
export function parseTag(oid: ObjectId, body: Buffer): Tag {
  const text = body.toString("latin1");
  const { headers, messageAt } = parseHeaders(text, 0);
  const value = (wanted: string): string | undefined => headers.find(({ name }) => name === wanted)?.value;
  const object = value("object");
  const type = value("type");
  if (object === undefined || !isObjectId(object) || !isObjectType(type)) throw damaged(`tag ${oid} tags nothing`);
  const tagger = value("tagger");
  return {
    oid,
    object,
    type,
    name: value("tag") ?? "",
    tagger: tagger === undefined ? undefined : parseSignature(tagger),
    message: text.slice(messageAt),
  };
}
