import { ToolError } from "@mcp-reference/validation";
import type { ObjectId, ObjectType } from "../object-id.js";
import type { ObjectStore } from "../objects/types.js";

/** An object of a repository, with its type. */
export interface TypedObject {
  readonly oid: ObjectId;
  readonly type: ObjectType;
}

/** Tags of tags of tags. */
const LONGEST_CHAIN = 64;

/** What a chain of annotated tags leads to; other objects as they are. @throws ToolError TOO_LARGE */
export function peelTags(objects: ObjectStore, oid: ObjectId): TypedObject {
  let peeled = { oid, type: objects.header(oid).type };
  for (let depth = 0; peeled.type === "tag"; depth++) {
    if (depth === LONGEST_CHAIN)
      throw new ToolError("TOO_LARGE", `Tag ${oid} leads through more than ${LONGEST_CHAIN} tags`);
    const { object } = objects.tag(peeled.oid);
    peeled = { oid: object, type: objects.header(object).type };
  }
  return peeled;
}

/** The object itself, or what it leads to, of that type; undefined where there is none. */
export function peelTo(objects: ObjectStore, oid: ObjectId, type: ObjectType): ObjectId | undefined {
  if (objects.header(oid).type === type) return oid;
  const peeled = peelTags(objects, oid);
  if (peeled.type === type) return peeled.oid;
  return type === "tree" && peeled.type === "commit" ? objects.commit(peeled.oid).tree : undefined;
}
