import { ToolError } from "@mcp-reference/validation";
import { openDocument } from "../text/document.js";
import { requireEtag } from "../write/etag.js";
import { readContent, replaceContent } from "../write/file-content.js";
import { locked, type WriteContext } from "../write/locked.js";
import { applyEdits, type Edit } from "./apply-edits.js";
import { unifiedDiff } from "./unified-diff.js";

export interface EditOptions {
  /** Show the diff and leave the file alone. */
  dryRun: boolean;
  /** Etag the file must have. */
  ifMatch?: string | undefined;
}

export interface EditOutcome {
  /** Unified diff; empty when the edits change nothing. */
  diff: string;
  remarks: string[];
}

/**
 * Edits a text file in place: all edits or none. Byte order mark, newlines, mode and owner stay.
 * @throws ToolError as {@link applyEdits}, and CONFLICT when the file changed meanwhile or has another etag
 */
export function editFile(
  context: WriteContext,
  path: string,
  edits: readonly Edit[],
  { dryRun, ifMatch }: EditOptions,
): Promise<EditOutcome> {
  const { sandbox, signal } = context;
  return locked(context, [path], async () => {
    const { bytes, stats } = await readContent(sandbox, path, signal);
    if (ifMatch !== undefined) requireEtag(path, ifMatch, stats);
    const document = openDocument(bytes, path);
    if (!edits.every(({ newText }) => document.accepts(newText))) throw notUtf8(path);
    const { text, remarks } = applyEdits(document.text, edits);
    const diff = unifiedDiff(path, path, document.text, text);
    if (!dryRun && diff !== "") await replaceContent(sandbox, path, stats, document.encode(text), signal);
    return { diff, remarks };
  });
}

export const notUtf8 = (path: string) =>
  new ToolError("UNSUPPORTED", `${JSON.stringify(path)} is not UTF-8, so only ASCII text can be put in`, {
    hint: "Convert the file to UTF-8 first",
  });
