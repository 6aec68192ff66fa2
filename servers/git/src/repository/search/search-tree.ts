import { ToolError } from "@mcp-reference/validation";
import type { ByteString } from "../bytes/byte-string.js";
import { isBinary } from "../diff/binary-content.js";
import { splitLines } from "../diff/lines.js";
import { type PathFilter, pathFilter } from "../diff/path-filter.js";
import { isDirectory, isRegularFile } from "../file-mode.js";
import type { ObjectId } from "../object-id.js";
import { Pace } from "../pace.js";
import type { Repository } from "../repository.js";
import { compilePattern } from "./compile-pattern.js";
import type { PatternRequest } from "./pattern.js";

export interface SearchRequest extends PatternRequest {
  /** Files and directories, or globs: see {@link pathFilter}. */
  readonly paths?: readonly ByteString[] | undefined;
  /** Lines after which the search ends; ask for one more than is shown to learn whether there are more. */
  readonly limit?: number | undefined;
  /** What the attribute `diff` says of the path: true text, false binary. Otherwise the content tells. */
  readonly isText?: ((path: ByteString) => boolean | undefined) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A line with a match. */
export interface SearchMatch {
  readonly path: ByteString;
  readonly oid: ObjectId;
  /** Counted from 1. */
  readonly line: number;
  /** The line without its end, and without what exceeds 2000 bytes. */
  readonly text: ByteString;
  /** Does the line go on beyond `text`? */
  readonly cut: boolean;
}

const LONGEST_TEXT = 2000;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/**
 * Lines of the files of a tree that match, as `git grep -n` finds them at a revision: in the order of the tree, without binary
 * files, links, submodules, and files too large to be read.
 * @param tree id of a tree
 * @throws ToolError INVALID_ARGUMENT for a bad pattern, TOO_LARGE for a tree of absurd depth; the signal's reason
 */
export async function* searchTree(
  repo: Pick<Repository, "objects">,
  tree: ObjectId,
  request: SearchRequest,
): AsyncGenerator<SearchMatch, void> {
  const { paths, limit = Number.POSITIVE_INFINITY, isText, signal } = request;
  if (!request.regex && request.pattern.includes("\n")) throw severalLines();
  const pattern = await compilePattern(request);
  const pace = new Pace(signal);
  signal?.throwIfAborted();
  let found = 0;
  if (limit <= 0) return;
  for (const { path, oid } of filesOf(repo, tree, pathFilter(paths))) {
    if (pace.due()) await pace.pause();
    const content = oid === undefined ? undefined : contentOf(repo, oid);
    if (oid === undefined || !content || !pattern.mayMatch(content) || !(isText?.(path) ?? !isBinary(content)))
      continue;
    const lines = splitLines(content);
    for (const line of pattern.matchingLines(lines)) {
      if (pace.due()) await pace.pause();
      yield { path, oid, line: line + 1, ...shown(content, lines.starts[line] ?? 0, lines.starts[line + 1] ?? 0) };
      if (++found >= limit) return;
    }
  }
}

const severalLines = () =>
  new ToolError("INVALID_ARGUMENT", "The text to find spans several lines, but lines are searched one by one", {
    hint: "Search for one of its lines",
  });

function contentOf({ objects }: Pick<Repository, "objects">, oid: ObjectId): Buffer | undefined {
  try {
    return objects.blob(oid);
  } catch (error) {
    if (error instanceof ToolError && error.code === "TOO_LARGE") return undefined;
    throw error;
  }
}

function shown(content: Buffer, start: number, lineEnd: number): Pick<SearchMatch, "text" | "cut"> {
  let end = lineEnd;
  if (content[end - 1] === LINE_FEED) end--;
  if (content[end - 1] === CARRIAGE_RETURN && end > start) end--;
  if (end - start <= LONGEST_TEXT) return { text: content.toString("latin1", start, end), cut: false };
  end = start + LONGEST_TEXT;
  // Not in the middle of a character of UTF-8, which has four bytes at most.
  while (end > start + LONGEST_TEXT - 3 && ((content[end] ?? 0) & 0xc0) === 0x80) end--;
  return { text: content.toString("latin1", start, end), cut: true };
}

/** Deeper directories are refused, as git refuses them. */
const DEEPEST = 2048;

/** Regular files in the order of the tree; a directory is shown without an id, so that a caller can pause there. */
function* filesOf(
  repo: Pick<Repository, "objects">,
  tree: ObjectId,
  filter: PathFilter,
  directory: ByteString = "",
  depth = 0,
): Generator<{ path: ByteString; oid: ObjectId | undefined }> {
  if (depth > DEEPEST) throw new ToolError("TOO_LARGE", "The directories of this tree are nested too deeply to search");
  yield { path: directory, oid: undefined };
  for (const { mode, name, oid } of repo.objects.tree(tree)) {
    const path = directory + name;
    if (isDirectory(mode)) {
      if (filter.mayContain(path)) yield* filesOf(repo, oid, filter, `${path}/`, depth + 1);
    } else if (isRegularFile(mode) && filter.matches(path)) yield { path, oid };
  }
}
