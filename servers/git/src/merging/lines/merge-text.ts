import type { ByteString } from "../../repository/bytes/byte-string.js";
import { contentOf, type Lines, linesOf } from "./line-table.js";
import { type ConflictStyle, type MergeChunk, mergeChunks } from "./merge-chunks.js";

/** What stands behind the conflict markers. */
export interface SideLabels {
  readonly base: ByteString;
  readonly ours: ByteString;
  readonly theirs: ByteString;
}

export interface TextMergeOptions {
  readonly labels: SideLabels;
  readonly style?: ConflictStyle;
  /** Keep the lines of both sides instead of marking conflicts. */
  readonly union?: boolean;
  /** Characters of a marker; 7 unless told. */
  readonly markerSize?: number;
}

export interface TextMerge {
  readonly content: Buffer;
  readonly conflicts: number;
}

/** Three-way merge of text files, byte for byte as git writes it: markers, line ends, a missing end of the last line. */
export function mergeText(base: Buffer, ours: Buffer, theirs: Buffer, options: TextMergeOptions): TextMerge {
  if (base.equals(ours)) return { content: theirs, conflicts: 0 };
  if (base.equals(theirs)) return { content: ours, conflicts: 0 };
  const files: ThreeFiles = { base: linesOf(base), ours: linesOf(ours), theirs: linesOf(theirs) };
  const chunks = mergeChunks(files.base, files.ours, files.theirs, options.style ?? "merge");
  const merged: ByteString[] = [];
  let conflicts = 0;
  let copied = 0;
  for (const chunk of chunks) {
    if (chunk.kind === "same") continue;
    pushAll(merged, files.ours, copied, chunk.oursStart);
    copied = chunk.oursStart + chunk.oursCount;
    if (chunk.kind === "ours") pushAll(merged, files.ours, chunk.oursStart, copied);
    else if (chunk.kind === "theirs") {
      pushAll(merged, files.theirs, chunk.theirsStart, chunk.theirsStart + chunk.theirsCount);
    } else if (options.union) pushUnion(merged, files, chunk);
    else {
      conflicts++;
      for (const line of markedConflict(files, chunk, options)) merged.push(line);
    }
  }
  pushAll(merged, files.ours, copied, files.ours.length);
  return { content: contentOf(merged), conflicts };
}

interface ThreeFiles {
  readonly base: Lines;
  readonly ours: Lines;
  readonly theirs: Lines;
}

function pushAll(into: ByteString[], lines: Lines, from: number, to: number): void {
  for (let at = from; at < to; at++) into.push(lines[at] ?? "");
}

function pushUnion(into: ByteString[], files: ThreeFiles, chunk: MergeChunk): void {
  for (const line of ended(files.ours, chunk.oursStart, chunk.oursCount, lineEndAt(files, chunk))) into.push(line);
  pushAll(into, files.theirs, chunk.theirsStart, chunk.theirsStart + chunk.theirsCount);
}

function markedConflict(files: ThreeFiles, chunk: MergeChunk, options: TextMergeOptions): ByteString[] {
  const end = lineEndAt(files, chunk);
  const { labels, style = "merge", markerSize = 7 } = options;
  const marker = (sign: string, label: ByteString): ByteString =>
    `${sign.repeat(markerSize)}${label === "" ? "" : ` ${label}`}${end}`;
  return [
    marker("<", labels.ours),
    ...ended(files.ours, chunk.oursStart, chunk.oursCount, end),
    ...(style === "merge"
      ? []
      : [marker("|", labels.base), ...ended(files.base, chunk.baseStart, chunk.baseCount, end)]),
    marker("=", ""),
    ...ended(files.theirs, chunk.theirsStart, chunk.theirsCount, end),
    marker(">", labels.theirs),
  ];
}

/** Lines of which the last is given an end where it has none: a marker follows. */
function ended(lines: Lines, start: number, count: number, end: ByteString): ByteString[] {
  const copied = lines.slice(start, start + count);
  const last = copied.at(-1);
  if (last !== undefined && !last.endsWith("\n")) copied[copied.length - 1] = last + end;
  return copied;
}

/** Markers end as the lines around them do: CRLF where the base has it and neither side says otherwise. */
function lineEndAt(files: ThreeFiles, chunk: MergeChunk): ByteString {
  const isCrlf =
    hasReturn(files.ours, Math.max(chunk.oursStart - 1, 0)) !== false &&
    hasReturn(files.theirs, Math.max(chunk.theirsStart - 1, 0)) !== false &&
    hasReturn(files.base, 0) === true;
  return isCrlf ? "\r\n" : "\n";
}

/** Does this line (or, where it has no end, the one before) end in CRLF? Undefined where nothing tells. */
function hasReturn(lines: Lines, at: number): boolean | undefined {
  const line = lines[at];
  if (line === undefined) return undefined;
  if (line.endsWith("\n")) return line.endsWith("\r\n");
  return at === 0 ? undefined : (lines[at - 1]?.endsWith("\r\n") ?? false);
}
