import type { Stats } from "node:fs";
import { stat } from "node:fs/promises";
import type { CallContext, ResourceContent } from "@mcp-reference/runtime";
import { fromErrno, type OpenDirectory, type OpenFile, type PathSandbox } from "@mcp-reference/security";
import { ToolError } from "@mcp-reference/validation";
import { isoTime } from "../listing/iso-time.js";
import { listPage } from "../listing/list-page.js";
import { describeHidden, roomForLines } from "../listing/notes.js";
import { isFile, openAny } from "../listing/open-any.js";
import { isTextual, mediaTypeOf } from "../text/media-type.js";
import { readBytes, readWhole } from "../text/read-text.js";
import { etagOf } from "../write/etag.js";

type ReadContext = CallContext & { readonly sandbox: PathSandbox };

/** What the MCP specification proposes for directories under `file:`. */
export const DIRECTORY_TYPE = "inode/directory";

const BINARY_TYPE = "application/octet-stream";
const LISTED_ENTRIES = 10_000;

/**
 * A file as text or bytes, a directory as a listing.
 * @param mimeType found out from the content unless given
 * @throws ToolError as {@link PathSandbox.openFile}, and TOO_LARGE before anything is read
 */
export async function readPath(path: string, context: ReadContext, mimeType?: string): Promise<ResourceContent> {
  const opened = await openAny(context.sandbox, path);
  try {
    const content = isFile(opened) ? await readFile(opened, context) : await readListing(opened, context);
    return mimeType === undefined ? content : { ...content, mimeType };
  } finally {
    await opened.close();
  }
}

async function readFile(file: OpenFile, { maxOutput, maxMedia, signal }: ReadContext): Promise<ResourceContent> {
  const meta = stateOf(file.stats);
  const mimeType = await mediaTypeOf(file);
  if (isTextual(mimeType)) {
    try {
      const { text } = await readWhole(file, { maxBytes: maxOutput, signal });
      return { text, mimeType, meta };
    } catch (error) {
      // Begins like text and goes on with null bytes.
      if (!(error instanceof ToolError) || error.code !== "UNSUPPORTED") throw error;
    }
  }
  const blob = await readBinary(file, maxMedia, signal);
  return { blob, mimeType: isTextual(mimeType) ? BINARY_TYPE : mimeType, meta };
}

function readBinary(file: OpenFile, limit: number, signal: AbortSignal): Promise<Buffer> {
  const { size } = file.stats;
  if (size <= limit) return readBytes(file, 0, size, signal);
  throw new ToolError("TOO_LARGE", `${JSON.stringify(file.path)} has ${size} bytes, and a resource may have ${limit}`, {
    hint: "Start the server with a higher --max-output",
    details: { bytes: size, limit },
  });
}

async function readListing(directory: OpenDirectory, context: ReadContext): Promise<ResourceContent> {
  const { path } = directory;
  const stats = await stat(directory.at()).catch((error) => Promise.reject(fromErrno(error, path)));
  const page = await listPage(
    {
      path,
      order: "name",
      columns: {},
      dotfiles: true,
      totals: false,
      cursor: undefined,
      limit: LISTED_ENTRIES,
      maxBytes: roomForLines(context.maxOutput),
    },
    context,
  );
  const left = page.total - page.lines.length;
  const more = left > 0 && `… and ${left} more; list_directory gives all of them.`;
  const lines = [...page.lines, more, describeHidden(page.hidden)].filter(Boolean);
  return { text: lines.join("\n"), mimeType: DIRECTORY_TYPE, meta: stateOf(stats) };
}

const stateOf = (stats: Stats) => ({ etag: etagOf(stats), mtime: isoTime(stats.mtimeMs) });
