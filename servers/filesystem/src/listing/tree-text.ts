import type { TreeNode, TreeResult } from "../walk/tasks.js";
import { describeHidden, joinNotes, roomForLines } from "./notes.js";
import { countFitting, oneLine } from "./one-line.js";

const INDENT = "  ";

/**
 * A tree with one entry a line: `src/` above what is in it, `link@`, `fifo=`; `…` stands for what is not shown.
 * @param maxBytes of body and note
 */
export function treeText(tree: TreeResult, maxBytes: number): { body: string; note: string | undefined } {
  const lines = [...branchLines(tree, "")];
  const count = countFitting(lines, roomForLines(maxBytes));
  const closed = lines.some((line) => line.endsWith("/ …"));
  return {
    body: lines.slice(0, count).join("\n") || "No entries",
    note: joinNotes(
      count < lines.length && `Cut after ${count} of ${lines.length} lines, as many as --max-output lets through.`,
      tree.truncated && `Cut at ${tree.entries} entries: raise max_entries, or start lower.`,
      closed && "Directories marked … were not opened: raise depth, or start at one of them.",
      describeHidden(tree.hidden),
    ),
  };
}

function* branchLines({ children, more = 0 }: Pick<TreeNode, "children" | "more">, indent: string): Generator<string> {
  for (const node of children ?? []) {
    yield indent + nodeLine(node);
    yield* branchLines(node, indent + INDENT);
  }
  if (more > 0) yield `${indent}… ${more} more`;
}

function nodeLine({ name, type, children, unreadable }: TreeNode): string {
  const shown = oneLine(name);
  if (type === "link") return `${shown}@`;
  if (type === "other") return `${shown}=`;
  if (type === "file") return shown;
  return `${shown}/${unreadable ? " (unreadable)" : children ? "" : " …"}`;
}
