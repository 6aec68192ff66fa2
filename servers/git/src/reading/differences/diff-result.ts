import { type CallContext, text } from "@mcp-reference/runtime";
import * as z from "zod";
import type { FileChange } from "../../repository/diff/types.js";
import type { Repository } from "../../repository/repository.js";
import { type DiffFormat, diffPage } from "./diff-page.js";

/** Bytes that the note below a page may take. */
const NOTE = 1024;

const position = z.number().int().nonnegative();

interface Shown {
  readonly format: DiffFormat;
  readonly context: number;
  readonly cursor: string | undefined;
  /** Said in front of the first page. */
  readonly heading?: string;
}

/** One page of a diff as a tool's result, with the way to the next one. */
export async function diffResult(
  repo: Repository,
  changes: readonly FileChange[],
  { format, context, cursor, heading = "" }: Shown,
  { cursors, maxOutput, signal }: CallContext,
) {
  const from = cursor === undefined ? 0 : cursors.open(cursor, position);
  const before = from === 0 ? heading : "";
  const maxBytes = Math.max(1024, maxOutput - NOTE - Buffer.byteLength(before));
  const { body, next, cut } = await diffPage(repo, { changes, format, context, from, maxBytes, signal });
  const notes = [
    cut && `${cut} did not fit: only its beginning is shown. Ask for it with fewer context_lines, or read it.`,
    next !== undefined &&
      `${changes.length - next} of ${changes.length} changed files follow; continue with cursor ${cursors.seal(next)}`,
  ];
  return text(`${before}${body}` || "No changes", notes.filter(Boolean).join("\n"));
}
