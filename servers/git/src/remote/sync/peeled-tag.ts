import { ToolError } from "@mcp-reference/validation";
import type { ObjectId } from "../../repository/object-id.js";
import type { Repository } from "../../repository/repository.js";

const DEEPEST = 10;

/** What an annotated tag leads to in the end; undefined for an object that is no tag. @throws ToolError UPSTREAM */
export function peeledTag({ objects }: Repository, oid: ObjectId): ObjectId | undefined {
  let target = oid;
  for (let depth = 0; objects.header(target).type === "tag"; depth++) {
    if (depth > DEEPEST) throw new ToolError("UPSTREAM", "the remote has a tag of a tag of a tag without end");
    target = objects.tag(target).object;
  }
  return target === oid ? undefined : target;
}
