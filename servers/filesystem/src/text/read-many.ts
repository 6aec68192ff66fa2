import type { OpenFile, PathSandbox } from "@mcp-reference/security";
import { ToolError } from "@mcp-reference/validation";
import { oneLine } from "../listing/one-line.js";
import { inBatches } from "../tree/in-batches.js";
import { describePart } from "./describe-part.js";
import { readLines } from "./read-text.js";
import { shareBudget } from "./share-budget.js";

const SEPARATOR = "\n---\n";
/** Room for what is said about a file that is cut or cannot be read. */
const REMARK_BYTES = 160;
const READ_AT_ONCE = 8;

export interface Budget {
  /** Bytes of all texts together. */
  text: number;
  /** Bytes of the result. */
  result: number;
}

/**
 * Reads several text files into one text. Each follows a line `path:`, where it is also said when the file is cut, and
 * where to go on. One that cannot be read is an error there.
 * @param budget large files are cut between lines to share it
 */
export async function readMany(
  sandbox: PathSandbox,
  paths: readonly string[],
  budget: Budget,
  signal: AbortSignal,
): Promise<string> {
  const files = await Promise.all(paths.map((path) => openOrError(sandbox, path)));
  try {
    const sizes = files.map((file) => (file instanceof ToolError ? 0 : file.stats.size));
    const frame = paths.reduce(
      (sum, path) => sum + Buffer.byteLength(oneLine(path)) + SEPARATOR.length + REMARK_BYTES,
      0,
    );
    const shares = shareBudget(sizes, Math.max(0, Math.min(budget.text, budget.result - frame)));
    const sections: string[] = [];
    await inBatches([...files.entries()], READ_AT_ONCE, async ([index, file]) => {
      const { remark, text } = await section(file, shares[index] ?? 0, signal);
      sections[index] = `${oneLine(paths[index] ?? "")}:${remark ? ` ${remark}` : ""}\n${text}`;
    });
    return sections.join(SEPARATOR);
  } finally {
    await Promise.all(files.map((file) => (file instanceof ToolError ? undefined : file.close())));
  }
}

async function section(
  file: OpenFile | ToolError,
  maxBytes: number,
  signal: AbortSignal,
): Promise<{ text: string; remark?: string | undefined }> {
  if (file instanceof ToolError) return { text: "", remark: shorten(file.toLine()) };
  if (maxBytes === 0 && file.stats.size > 0) return { text: "", remark: "[Left out: the others take all the room.]" };
  try {
    const part = await readLines(file, {}, { maxBytes, signal });
    const remark = describePart(part);
    return { text: part.text, remark: remark && `[${remark}]` };
  } catch (error) {
    if (error instanceof ToolError) return { text: "", remark: shorten(error.toLine()) };
    throw error;
  }
}

async function openOrError(sandbox: PathSandbox, path: string): Promise<OpenFile | ToolError> {
  try {
    return await sandbox.openFile(path);
  } catch (error) {
    if (error instanceof ToolError) return error;
    throw error;
  }
}

const shorten = (line: string) => (line.length > REMARK_BYTES ? `${line.slice(0, REMARK_BYTES - 1)}…` : line);
