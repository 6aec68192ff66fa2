import { type CallContext, text } from "@mcp-reference/runtime";
import * as z from "zod";
import type { ByteString } from "../../repository/bytes/byte-string.js";
import type { FileChange } from "../../repository/diff/types.js";
import type { Repository } from "../../repository/repository.js";
import { firstBytes, REPLACED } from "../shown-text.js";
import { type DiffFormat, diffPage } from "./diff-page.js";

/** Bytes that the notes below a page may take. */
const NOTES = 1024;

const position = z.object({ of: z.string(), after: z.string() });

/** Where a page of a diff begins. */
export interface DiffPosition {
  /** What is compared, by ids: the names may have come to stand for something else since the first page. */
  readonly of: string;
  /** The last path shown; undefined for the first page. */
  readonly after: ByteString | undefined;
}

interface Shown {
  readonly format: DiffFormat;
  readonly context: number;
  readonly start: DiffPosition;
  /** Said in front of the first page. */
  readonly heading?: string;
}

/** The page that a cursor is for; without one the first, of what `compared` names. */
export const diffStart = (
  cursor: string | undefined,
  { cursors }: Pick<CallContext, "cursors">,
  compared: () => string = () => "",
): DiffPosition => (cursor === undefined ? { of: compared(), after: undefined } : cursors.open(cursor, position));

/** One page of a diff as a tool's result, with the way to the next one. */
export async function diffResult(
  repo: Repository,
  changes: readonly FileChange[],
  { format, context, start, heading = "" }: Shown,
  { cursors, maxOutput, signal }: CallContext,
) {
  const { of, after } = start;
  const before = after === undefined ? firstBytes(heading, maxOutput / 2) : "";
  const maxBytes = Math.max(1024, maxOutput - NOTES - Buffer.byteLength(before));
  const { body, last, left, cut, replaced } = await diffPage(repo, {
    ...{ changes, format, context, after, maxBytes, signal },
  });
  const notes = [
    after === undefined && before !== heading && "The message is cut.",
    replaced && REPLACED,
    cut && `${cut} did not fit: only its beginning is shown. Ask for it with fewer context_lines, or read it.`,
    left > 0 &&
      `${left} of ${changes.length} changed files follow; continue with cursor ${cursors.seal({ of, after: last })}`,
  ];
  return text(`${before}${body}` || "No changes", notes.filter(Boolean).join("\n"));
}
