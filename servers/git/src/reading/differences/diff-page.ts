import { type ByteString, textOf } from "../../repository/bytes/byte-string.js";
import { renderPatch } from "../../repository/diff/patch.js";
import { diffStat } from "../../repository/diff/stat.js";
import type { FileChange } from "../../repository/diff/types.js";
import type { ObjectId } from "../../repository/object-id.js";
import { Pace } from "../../repository/pace.js";
import type { Repository } from "../../repository/repository.js";
import { abbreviate } from "../../repository/revision/abbreviate.js";
import { contentsOf } from "./changed-file.js";

export type DiffFormat = "patch" | "stat" | "names";

export interface DiffRequest {
  readonly changes: readonly FileChange[];
  readonly format: DiffFormat;
  /** Lines around each change. */
  readonly context: number;
  /** How many of the changes earlier pages have shown. */
  readonly from: number;
  /** Most bytes of text; a page ends where a file does. */
  readonly maxBytes: number;
  readonly signal: AbortSignal;
}

export interface DiffPage {
  readonly body: string;
  /** Where the next page begins; undefined after the last. */
  readonly next: number | undefined;
  /** The only file of the page, when it did not fit as a whole. */
  readonly cut: string | undefined;
}

/** Changed files as text, as many whole ones as fit. */
export async function diffPage(repo: Repository, request: DiffRequest): Promise<DiffPage> {
  const { changes, from, maxBytes, signal } = request;
  const pace = new Pace(signal);
  const parts: string[] = [];
  let room = maxBytes;
  for (const [offset, change] of changes.slice(from).entries()) {
    if (pace.due()) await pace.pause();
    const part = describe(repo, change, request);
    const size = Buffer.byteLength(part);
    if (size > room && parts.length > 0) return { body: parts.join(""), next: from + offset, cut: undefined };
    if (size > room) return firstLines(part, change, room, from + 1 < changes.length ? from + 1 : undefined);
    parts.push(part);
    room -= size;
  }
  return { body: parts.join(""), next: undefined, cut: undefined };
}

function describe(repo: Repository, change: FileChange, { format, context }: DiffRequest): string {
  if (format === "names") return `${change.status}\t${namesOf(change)}\n`;
  const contents = contentsOf(repo, change);
  if (!contents) return `${change.status}\t${namesOf(change)}: too large to compare\n`;
  if (format === "stat") {
    const { added, deleted, binary } = diffStat(change, contents.before, contents.after, textRule(repo));
    return `${binary ? "-\t-" : `${added}\t${deleted}`}\t${namesOf(change)}\n`;
  }
  const names = { abbreviate: (oid: ObjectId) => abbreviate(repo, oid), quotePath: false };
  return renderPatch(change, contents.before, contents.after, { context, ...names, ...textRule(repo) }).toString();
}

/** `-diff` in .gitattributes, which `binary` stands for too, makes a file's lines not worth showing. */
function textRule(repo: Repository) {
  return {
    isText(path: ByteString) {
      const value = repo.attributes().get(path, "diff");
      return typeof value === "boolean" ? value : undefined;
    },
  };
}

function namesOf({ before, after }: FileChange): string {
  const names = [before?.path, after?.path].filter((path) => path !== undefined);
  return [...new Set(names)].map(textOf).join(" => ");
}

function firstLines(part: string, { before, after }: FileChange, room: number, next: number | undefined): DiffPage {
  const end = Buffer.from(part).subarray(0, room).lastIndexOf("\n") + 1;
  return {
    body: Buffer.from(part).subarray(0, end).toString(),
    next,
    cut: textOf(after?.path ?? before?.path ?? ""),
  };
}
