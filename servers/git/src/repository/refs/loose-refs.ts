import { ToolError } from "@mcp-reference/validation";
import { type ByteString, textOf } from "../bytes/byte-string.js";
import type { ConfinedFiles } from "../confined/confined-files.js";
import type { Layout } from "../layout/types.js";
import type { ObjectId } from "../object-id.js";
import { isRefName, refNameProblem } from "./ref-format.js";
import { directoryOfRef, isOfWorktree, WORKTREE_REFS } from "./ref-location.js";

/** What the file of a ref says. */
export type LooseRef =
  | { readonly kind: "direct"; readonly oid: ObjectId }
  | { readonly kind: "symbolic"; readonly target: ByteString }
  | { readonly kind: "broken" };

/** A ref's file holds one line; `FETCH_HEAD` has more, of which the first counts. */
const MOST_BYTES = 1 << 20;
const MOST_REFS = 500_000;

/** The file of a ref, whose name must have been checked; undefined where there is none. */
export function readLooseRef(layout: Layout, ref: ByteString): LooseRef | undefined {
  const content = directoryOfRef(layout, ref).read(ref, MOST_BYTES)?.toString("latin1");
  return content === undefined ? undefined : parseLooseRef(content);
}

function parseLooseRef(content: ByteString): LooseRef {
  if (content.startsWith("ref:")) {
    const target = content.slice(4).trim();
    return isRefName(target) ? { kind: "symbolic", target } : { kind: "broken" };
  }
  const oid = /^[0-9a-f]{40}(?=\s|$)/i.exec(content)?.[0];
  return oid === undefined ? { kind: "broken" } : { kind: "direct", oid: oid.toLowerCase() };
}

/** Names of all refs with files under a prefix that ends with `/`, in no particular order. @throws ToolError TOO_LARGE */
export function looseRefNames(layout: Layout, prefix: ByteString): ByteString[] {
  const names: ByteString[] = [];
  const linked = layout.gitDir.root !== layout.commonDir.root;
  collect(isOfWorktree(prefix) ? layout.gitDir : layout.commonDir, prefix.slice(0, -1), names);
  if (!linked || isOfWorktree(prefix)) return names;
  const shared = names.filter((name) => !isOfWorktree(name));
  for (const own of WORKTREE_REFS) {
    if (own.startsWith(prefix)) collect(layout.gitDir, own.slice(0, -1), shared);
  }
  return shared;
}

function collect(files: ConfinedFiles, directory: ByteString, names: ByteString[]): void {
  for (const entry of entriesOf(files, directory)) {
    const path = `${directory}/${entry.name.toString("latin1")}`;
    // Lock files and what else is no ref fail the check; links are never followed.
    if (refNameProblem(path) !== undefined) continue;
    if (entry.isDirectory()) collect(files, path, names);
    else if (entry.isFile()) names.push(path);
    if (names.length > MOST_REFS)
      throw new ToolError("TOO_LARGE", `${textOf(directory)} has more than ${MOST_REFS} refs`);
  }
}

function entriesOf(files: ConfinedFiles, directory: ByteString) {
  try {
    const held = files.directory(directory);
    try {
      return held.entries();
    } finally {
      held.close();
    }
  } catch (error) {
    if (error instanceof ToolError && error.code === "NOT_FOUND") return [];
    throw error;
  }
}
