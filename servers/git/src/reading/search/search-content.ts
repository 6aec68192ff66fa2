import { type ByteString, isUtf8Bytes, textOf } from "../../repository/bytes/byte-string.js";
import type { ObjectId } from "../../repository/object-id.js";
import type { Repository } from "../../repository/repository.js";
import type { PatternRequest } from "../../repository/search/pattern.js";
import { searchTree } from "../../repository/search/search-tree.js";
import { shownPath } from "../shown-text.js";

export interface ContentSearch extends PatternRequest {
  readonly tree: ObjectId;
  readonly paths: readonly ByteString[] | undefined;
  /** Matching lines that earlier pages have shown. */
  readonly from: number;
  readonly limit: number;
  readonly maxBytes: number;
  readonly signal: AbortSignal;
}

/** One page of the lines of a tree's files that match, as `path:12: text`; `next` is where the next page begins. */
export async function searchContent(repo: Repository, search: ContentSearch) {
  const { tree, from, limit, maxBytes } = search;
  const lines: string[] = [];
  let replaced = false;
  let room = maxBytes;
  let passed = 0;
  for await (const { path, line, text, cut } of searchTree(repo, tree, { ...search, limit: from + limit + 1 })) {
    if (passed++ < from) continue;
    const shown = `${shownPath(path)}:${line}: ${textOf(text)}${cut ? "…" : ""}`;
    room -= Buffer.byteLength(shown) + 1;
    if (lines.length === limit || (room < 0 && lines.length > 0)) {
      return { lines, next: from + lines.length, replaced };
    }
    lines.push(shown);
    replaced ||= !isUtf8Bytes(text);
  }
  return { lines, next: undefined, replaced };
}
