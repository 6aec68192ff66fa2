import type { ByteString } from "../bytes/byte-string.js";
import { isSameType, isSubmodule } from "../file-mode.js";
import { blobId } from "./blob-id.js";
import { Headings, hunkHeader } from "./hunk-header.js";
import { groupIntoHunks, type Hunk } from "./hunks.js";
import { diffSplitLines } from "./line-diff.js";
import { type Lines, splitLines } from "./lines.js";
import { type PatchHeader, type PatchHeaderOptions, patchHeader } from "./patch-header.js";
import { isBinaryVersion, type StatOptions } from "./stat.js";
import type { FileChange, FileVersion } from "./types.js";

export interface PatchOptions extends PatchHeaderOptions, StatOptions {
  /** Unchanged lines around each change; 3 unless given. */
  readonly context?: number | undefined;
}

/**
 * The patch of one file, byte by byte as `git diff` prints it (without diff drivers: hunks are headed by the nearest line that
 * starts with a letter, `_` or `$`). Empty where there is nothing to tell.
 * @param before content of `change.before` ({@link contentForDiff}); ignored where that is absent
 */
export function renderPatch(change: FileChange, before: Buffer, after: Buffer, options: PatchOptions): Buffer {
  if (change.before && change.after && !isSameType(change.before.mode, change.after.mode)) {
    const deletion = renderPatch({ status: "D", before: change.before, after: undefined }, before, NOTHING, options);
    const addition = renderPatch({ status: "A", before: undefined, after: change.after }, NOTHING, after, options);
    return Buffer.concat([deletion, addition]);
  }
  const named = { ...change, before: identified(change.before, before), after: identified(change.after, after) };
  const header = patchHeader(named, options);
  const old = change.before ? before : NOTHING;
  const now = change.after ? after : NOTHING;
  const body = old.equals(now) ? NOTHING : renderBody(change, header, old, now, options);
  return body.length > 0 || header.telling ? Buffer.concat([Buffer.from(header.text, "latin1"), body]) : NOTHING;
}

const NOTHING = Buffer.alloc(0);

const identified = (version: FileVersion | undefined, content: Buffer): FileVersion | undefined =>
  version && { ...version, oid: version.oid ?? blobId(content) };

/** What git compares: a submodule is shown as a line that names its commit, a link as its target, a file as it is stored. */
export function contentForDiff(version: FileVersion | undefined, read: (version: FileVersion) => Buffer): Buffer {
  if (!version) return NOTHING;
  return isSubmodule(version.mode) ? Buffer.from(`Subproject commit ${version.oid}\n`) : read(version);
}

function renderBody(
  change: FileChange,
  header: PatchHeader,
  before: Buffer,
  after: Buffer,
  options: PatchOptions,
): Buffer {
  const { isText } = options;
  if (isBinaryVersion(change.before, before, isText) || isBinaryVersion(change.after, after, isText))
    return Buffer.from(`Binary files ${header.beforeLabel} and ${header.afterLabel} differ\n`, "latin1");
  const hunks = renderHunks(splitLines(before), splitLines(after), options);
  if (hunks.length === 0) return NOTHING;
  return Buffer.concat([Buffer.from(labelLines(header), "latin1"), ...hunks]);
}

/** A tab ends a name with a space in it, so that what follows cannot be taken for a date. */
const labelLines = ({ beforeLabel, afterLabel }: PatchHeader): ByteString =>
  [`--- ${beforeLabel}`, `+++ ${afterLabel}`]
    .map((line) => `${line}${line.indexOf(" ", 4) < 0 ? "" : "\t"}\n`)
    .join("");

/** The hunks alone, each in several parts. */
function renderHunks(before: Lines, after: Lines, options: Omit<PatchOptions, "abbreviate">): Buffer[] {
  const { context = 3 } = options;
  const changes = diffSplitLines(before, after, { ...options, trimEnd: context === 0 });
  const headings = new Headings(before);
  const parts: Buffer[] = [];
  for (const hunk of groupIntoHunks(changes, { before, after, context })) {
    parts.push(Buffer.from(hunkHeader(hunk, headings.above(hunk.beforeStart)), "latin1"));
    renderLines(parts, hunk, before, after);
  }
  return parts;
}

function renderLines(parts: Buffer[], hunk: Hunk, before: Lines, after: Lines): void {
  let shown = hunk.afterStart;
  for (const change of hunk.changes) {
    addLines(parts, " ", after, shown, change.afterStart);
    addLines(parts, "-", before, change.beforeStart, change.beforeEnd);
    addLines(parts, "+", after, change.afterStart, change.afterEnd);
    shown = change.afterEnd;
  }
  addLines(parts, " ", after, shown, hunk.afterEnd);
}

const LINE_FEED = 0x0a;

/** Lines `[from, to)`, each with a sign before it. */
function addLines(parts: Buffer[], sign: string, { content, starts }: Lines, from: number, to: number): void {
  const start = starts[from] ?? 0;
  const end = starts[to] ?? start;
  if (end <= start) return;
  const signed = Buffer.allocUnsafe(end - start + to - from);
  let length = 0;
  for (let line = from; line < to; line++) {
    signed[length++] = sign.charCodeAt(0);
    length += content.copy(signed, length, starts[line] ?? 0, starts[line + 1] ?? 0);
  }
  parts.push(signed);
  if (content[end - 1] !== LINE_FEED) parts.push(Buffer.from("\n\\ No newline at end of file\n"));
}
