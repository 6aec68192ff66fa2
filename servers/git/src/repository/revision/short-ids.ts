import { ToolError } from "@mcp-reference/validation";
import type { ObjectId } from "../object-id.js";
import type { ObjectStore } from "../objects/types.js";
import { peelTo } from "./peel.js";

/** What kind of object would fit: it decides between objects whose ids begin alike. */
export type Wanted = "commit" | "tree" | undefined;

const SHORTEST = 4;
/** Candidates named in an error. */
const MOST_SHOWN = 8;

/** Could this be the beginning of an id? */
export const isShortId = (text: string): boolean => text.length >= SHORTEST && /^[0-9a-f]{1,40}$/i.test(text);

/** The object whose id begins so; undefined where there is none. @throws ToolError AMBIGUOUS */
export function findShortId(objects: ObjectStore, prefix: string, wanted: Wanted): ObjectId | undefined {
  const matching = [...new Set(objects.matching(prefix.toLowerCase()))];
  if (matching.length <= 1) return matching[0];
  const fitting =
    wanted === undefined ? matching : matching.filter((oid) => peelTo(objects, oid, wanted) !== undefined);
  if (fitting.length === 1) return fitting[0];
  const shown = matching.slice(0, MOST_SHOWN).map((oid) => `${oid.slice(0, 12)} (${objects.header(oid).type})`);
  throw new ToolError("AMBIGUOUS", `${prefix} is the beginning of several ids: ${shown.join(", ")}`, {
    hint: "Give more digits",
  });
}
