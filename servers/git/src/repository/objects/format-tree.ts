import { ToolError } from "@mcp-reference/validation";
import { type ByteString, textOf } from "../bytes/byte-string.js";
import { isObjectId, NULL_ID } from "../object-id.js";
import { treeNameProblem } from "./tree-name.js";
import type { TreeEntry } from "./types.js";

const DIRECTORY = 0o040000;
const MODES: ReadonlySet<number> = new Set([DIRECTORY, 0o100644, 0o100755, 0o120000, 0o160000]);

/**
 * Body of a tree object, its entries put into git's order.
 * @throws ToolError INVALID_ARGUMENT for a name that is there twice or that git refuses, a mode or an id that there is not
 */
export function formatTree(entries: readonly TreeEntry[]): Buffer {
  const sorted = [...entries].sort((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1));
  const names = new Set<ByteString>();
  const parts = sorted.flatMap(({ mode, name, oid }) => {
    const problem = treeNameProblem(name) ?? (names.has(name) ? "is there twice" : undefined);
    if (problem !== undefined) throw invalid(name, problem);
    if (!MODES.has(mode) || !isObjectId(oid) || oid === NULL_ID) throw invalid(name, "has no valid mode or id");
    names.add(name);
    return [Buffer.from(`${mode.toString(8)} ${name}\0`, "latin1"), Buffer.from(oid, "hex")];
  });
  return Buffer.concat(parts);
}

/** A directory stands where its name with a slash would. */
const orderOf = ({ mode, name }: TreeEntry): ByteString => (mode === DIRECTORY ? `${name}/` : name);

const invalid = (name: ByteString, problem: string): ToolError =>
  new ToolError("INVALID_ARGUMENT", `A tree cannot have this entry: ${textOf(name)} ${problem}`);
