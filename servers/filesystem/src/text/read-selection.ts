import type { PathSandbox } from "@mcp-reference/security";
import { DAMAGED, describePart, NOTE_BYTES } from "./describe-part.js";
import { type LineSelection, lineRange } from "./line-selection.js";
import { readLines, readWhole, type TextOptions } from "./read-text.js";

/**
 * Reads what a caller selected of a text file, and says what is missing.
 * @throws ToolError as {@link readWhole}, {@link readLines} and `openFile`
 */
export async function readSelection(
  sandbox: PathSandbox,
  path: string,
  selection: LineSelection,
  options: TextOptions,
): Promise<{ body: string; note?: string | undefined }> {
  const range = lineRange(selection);
  const file = await sandbox.openFile(path);
  try {
    if (range || options.lineNumbers) {
      const maxBytes = Math.max(1, options.maxBytes - NOTE_BYTES);
      const part = await readLines(file, range ?? {}, { ...options, maxBytes });
      return { body: part.text, note: describePart(part) };
    }
    const { text, damaged } = await readWhole(file, options);
    return { body: text, note: damaged ? DAMAGED : undefined };
  } finally {
    await file.close();
  }
}
