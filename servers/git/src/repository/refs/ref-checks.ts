import { ToolError } from "@mcp-reference/validation";
import { textOf } from "../bytes/byte-string.js";
import { isObjectId, type ObjectId } from "../object-id.js";
import type { ObjectStore } from "../objects/types.js";
import { isRefName, refNameProblem } from "./ref-format.js";
import type { RefChange } from "./types.js";

/** Can a ref of this name hold this value at all? @throws ToolError INVALID_ARGUMENT */
export function checkChange({ ref, to, target }: RefChange): void {
  for (const name of target === undefined ? [ref] : [ref, target]) {
    if (isRefName(name)) continue;
    const problem = refNameProblem(name) ?? 'does not begin with "refs/"';
    throw new ToolError("INVALID_ARGUMENT", `${textOf(name)} cannot be the name of a ref: it ${problem}`);
  }
  if (to !== undefined && !isObjectId(to)) {
    throw new ToolError("INVALID_ARGUMENT", `${textOf(ref)} cannot be set to what is not a full object id`);
  }
  if (ref === "HEAD" && target !== undefined && !target.startsWith("refs/")) {
    throw new ToolError("INVALID_ARGUMENT", "HEAD can stand only for a ref under refs/");
  }
}

/** @throws ToolError NOT_FOUND for an id of no object, INVALID_ARGUMENT for a branch that would not be at a commit */
export function checkObject(objects: ObjectStore, { ref, to }: RefChange): void {
  if (to === undefined) return;
  const isBranch = ref === "HEAD" || ref.startsWith("refs/heads/");
  if (!isBranch && objects.has(to)) return;
  const { type } = objects.header(to);
  if (isBranch && type !== "commit") {
    throw new ToolError("INVALID_ARGUMENT", `${textOf(ref)} can only be at a commit: ${to} is a ${type}`);
  }
}

/** @throws ToolError CONFLICT */
export function checkExpected({ ref, expected }: RefChange, now: ObjectId | undefined): void {
  if (expected === undefined || (expected ?? undefined) === now) return;
  const name = textOf(ref);
  const message =
    expected === null
      ? `${name} exists already`
      : `${name} is ${now === undefined ? "gone" : `at ${now}`}, not at ${expected}`;
  throw new ToolError("CONFLICT", message, { hint: "Look at what changed meanwhile, then try again" });
}
