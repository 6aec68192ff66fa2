import type { CallContext } from "@mcp-reference/runtime";
import type { OpenDirectory, PathSandbox } from "@mcp-reference/security";
import * as z from "zod";
import { type Columns, entryLines } from "./entry-line.js";
import { countFitting } from "./one-line.js";
import { countUpTo, keyOf, type Order, sortEntries } from "./order.js";
import { type DirectoryEntry, readDirectory } from "./read-directory.js";
import { statEntries } from "./stat-entries.js";

interface ListRequest {
  path: string;
  order: Order;
  columns: Columns;
  /** Show names that start with a dot. */
  dotfiles: boolean;
  /** Measure the whole directory for the first page. */
  totals: boolean;
  cursor: string | undefined;
  /** Most entries. */
  limit: number;
  /** Most bytes of the lines, each with its newline. */
  maxBytes: number;
}

export interface ListedPage {
  readonly lines: string[];
  /** Entries before this page. */
  readonly from: number;
  /** Entries of the directory. */
  readonly total: number;
  /** How many more the secrets policy hid. */
  readonly hidden: number;
  readonly nextCursor: string | undefined;
  readonly totals: Totals | undefined;
}

export interface Totals {
  files: number;
  directories: number;
  /** Of the files. */
  bytes: number;
}

type ListContext = Pick<CallContext, "cursors" | "signal" | "progress"> & { readonly sandbox: PathSandbox };

/** What the next page comes after: sort key and name. */
const position = z.tuple([z.number(), z.string()]);

/**
 * One page of a directory. Pages go on behind the last name given, so entries that come or go meanwhile neither repeat
 * nor hide the others.
 * @throws ToolError as {@link PathSandbox.openDirectory}; INVALID_ARGUMENT for a foreign cursor
 */
export async function listPage(request: ListRequest, context: ListContext): Promise<ListedPage> {
  const directory = await context.sandbox.openDirectory(request.path);
  try {
    return await pageOf(directory, request, context);
  } finally {
    await directory.close();
  }
}

async function pageOf(directory: OpenDirectory, request: ListRequest, context: ListContext): Promise<ListedPage> {
  const { columns, cursor, dotfiles, limit, maxBytes, order } = request;
  const { cursors, sandbox } = context;
  const withTotals = request.totals && cursor === undefined;
  const withAllStats = withTotals || order !== "name";
  const { entries, hidden } = await readDirectory(directory, sandbox.secrets);
  const shown = dotfiles ? entries : entries.filter(({ name }) => !name.startsWith("."));
  const sorted = sortEntries(withAllStats ? await statEntries(directory, shown, context) : shown, order);
  const from = cursor === undefined ? 0 : countUpTo(sorted, cursors.open(cursor, position), order);
  const page = sorted.slice(from, from + limit);
  const withPageStats = !withAllStats && (columns.size || columns.modified);
  const described = withPageStats ? await statEntries(directory, page, context) : page;
  const lines = await entryLines(described, columns, { sandbox, directory });
  const count = countFitting(lines, maxBytes);
  const last = page[count - 1];
  return {
    lines: lines.slice(0, count),
    from,
    total: sorted.length,
    hidden,
    nextCursor: last && from + count < sorted.length ? cursors.seal([keyOf(last, order), last.name]) : undefined,
    totals: withTotals ? totalsOf(sorted) : undefined,
  };
}

const totalsOf = (entries: readonly DirectoryEntry[]): Totals => ({
  files: entries.filter(({ type }) => type === "file").length,
  directories: entries.filter(({ type }) => type === "directory").length,
  bytes: entries.reduce((sum, { size = 0 }) => sum + size, 0),
});
