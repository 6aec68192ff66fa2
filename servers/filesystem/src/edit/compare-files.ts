import type { PathSandbox } from "@mcp-reference/security";
import { ToolError } from "@mcp-reference/validation";
import { formatSize } from "../listing/entry-line.js";
import { openDocument } from "../text/document.js";
import { readContent } from "../write/file-content.js";
import { type DiffOptions, unifiedDiff } from "./unified-diff.js";

/** A diff, or a sentence where there is nothing to show line by line. */
export type Comparison = { diff: string } | { diff?: undefined; remark: string };

/**
 * Compares two files of up to 64 MiB.
 * @throws ToolError TOO_LARGE for larger ones; else as `openFile`
 */
export async function compareFiles(
  sandbox: PathSandbox,
  path: string,
  other: string,
  { signal, ...options }: DiffOptions & { signal: AbortSignal },
): Promise<Comparison> {
  const [a, b] = await Promise.all([readContent(sandbox, path, signal), readContent(sandbox, other, signal)]);
  if (a.bytes.equals(b.bytes)) return { remark: "The files are the same." };
  const texts = [textOf(a.bytes, path), textOf(b.bytes, other)] as const;
  const [oldText, newText] = texts;
  if (oldText === undefined || newText === undefined) {
    return {
      remark: `The files differ, and one is binary: ${formatSize(a.bytes.length)} and ${formatSize(b.bytes.length)}.`,
    };
  }
  const diff = unifiedDiff(path, other, oldText, newText, options);
  return diff === "" ? { remark: "The files hold the same text in different encodings." } : { diff };
}

function textOf(bytes: Buffer, path: string): string | undefined {
  try {
    return openDocument(bytes, path).text;
  } catch (error) {
    if (error instanceof ToolError && error.code === "UNSUPPORTED") return undefined;
    throw error;
  }
}
