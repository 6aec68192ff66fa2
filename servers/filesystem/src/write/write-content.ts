import type { OpenFile, PathSandbox } from "@mcp-reference/security";
import { ToolError } from "@mcp-reference/validation";
import { copyBytes, writeFully } from "../copy/copy-bytes.js";
import { etagOf } from "./etag.js";
import { locked, type WriteContext } from "./locked.js";
import { replaceFile } from "./replace-file.js";

export const writeModes = ["create", "overwrite", "append"] as const;

export interface WriteRequest {
  content: string;
  encoding: "utf-8" | "base64";
  mode: (typeof writeModes)[number];
  /** Etag the file must have. */
  ifMatch?: string | undefined;
}

export interface WrittenFile {
  /** Resolved absolute path. */
  path: string;
  /** Of the whole file. */
  bytes: number;
  etag: string;
  created: boolean;
}

/**
 * Writes a file so that its name holds the old or the new content at any time, also when appending.
 * @throws ToolError ALREADY_EXISTS with mode create; CONFLICT when the file has another etag or changed meanwhile
 */
export function writeContent(context: WriteContext, path: string, request: WriteRequest): Promise<WrittenFile> {
  const { sandbox, signal } = context;
  const bytes = bytesOf(request);
  return locked(context, [path], async () => {
    const old = request.mode === "append" ? await openIfAny(sandbox, path) : undefined;
    try {
      const expected = request.ifMatch ?? (old && etagOf(old.stats));
      const mode = request.mode === "create" || (request.mode === "append" && !old) ? "create" : "overwrite";
      let written = { path, created: true };
      const stats = await replaceFile(sandbox, path, { mode, expected, signal }, async (handle, place) => {
        written = { path: place.path, created: place.stats === undefined };
        const start = old ? await copyBytes(old.handle, handle, signal) : 0;
        await writeFully(handle, bytes, start);
      });
      return { ...written, bytes: stats.size, etag: etagOf(stats) };
    } finally {
      await old?.close();
    }
  });
}

function bytesOf({ content, encoding }: WriteRequest): Buffer {
  if (encoding === "utf-8") return Buffer.from(content);
  const bytes = Buffer.from(content, "base64");
  // Node skips what it cannot read: a damaged file would be written.
  const given = content.replaceAll(/\s+/g, "").replace(/=+$/, "");
  if (bytes.toString("base64").replace(/=+$/, "") === given) return bytes;
  throw new ToolError("INVALID_ARGUMENT", "content is not valid base64");
}

async function openIfAny(sandbox: PathSandbox, path: string): Promise<OpenFile | undefined> {
  try {
    return await sandbox.openFile(path);
  } catch (error) {
    if (error instanceof ToolError && error.code === "NOT_FOUND") return undefined;
    throw error;
  }
}
