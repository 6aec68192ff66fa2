import type { ByteString } from "../../repository/bytes/byte-string.js";
import { renderPatch } from "../../repository/diff/patch.js";
import { diffStat } from "../../repository/diff/stat.js";
import type { FileChange } from "../../repository/diff/types.js";
import type { ObjectId } from "../../repository/object-id.js";
import { Pace } from "../../repository/pace.js";
import type { Repository } from "../../repository/repository.js";
import { abbreviate } from "../../repository/revision/abbreviate.js";
import { firstBytes, type ShownText, shownPath, shownText } from "../shown-text.js";
import { contentsOf } from "./changed-file.js";

export type DiffFormat = "patch" | "stat" | "names";

export interface DiffRequest {
  /** In the order of their paths. */
  readonly changes: readonly FileChange[];
  readonly format: DiffFormat;
  /** Lines around each change. */
  readonly context: number;
  /** The last path that earlier pages have shown. */
  readonly after?: ByteString | undefined;
  /** Most bytes of text; a page ends where a file does. */
  readonly maxBytes: number;
  readonly signal: AbortSignal;
}

export interface DiffPage {
  readonly body: string;
  /** The last path of the page; undefined where it has none. */
  readonly last: ByteString | undefined;
  /** Changed files that follow. */
  readonly left: number;
  /** The only file of the page, when it did not fit as a whole. */
  readonly cut: string | undefined;
  /** Were bytes replaced that are not UTF-8? */
  readonly replaced: boolean;
}

/** Changed files as text, as many whole ones as fit. */
export async function diffPage(repo: Repository, request: DiffRequest): Promise<DiffPage> {
  const { after, maxBytes, signal } = request;
  const changes = after === undefined ? request.changes : request.changes.filter((change) => pathOf(change) > after);
  const pace = new Pace(signal);
  let page: DiffPage = { body: "", last: undefined, left: changes.length, cut: undefined, replaced: false };
  let room = maxBytes;
  for (const change of changes) {
    if (pace.due()) await pace.pause();
    const { text, replaced } = describe(repo, change, request);
    room -= Buffer.byteLength(text);
    if (room < 0 && page.last !== undefined) return page;
    page = {
      body: page.body + (room < 0 ? firstLines(text, maxBytes) : text),
      last: pathOf(change),
      left: page.left - 1,
      cut: room < 0 ? shownPath(pathOf(change)) : undefined,
      replaced: page.replaced || replaced,
    };
    if (room < 0) return page;
  }
  return page;
}

function describe(repo: Repository, change: FileChange, { format, context }: DiffRequest): ShownText {
  if (format === "names") return plain(`${change.status}\t${namesOf(change)}\n`);
  const contents = contentsOf(repo, change);
  if (!contents) return plain(`${change.status}\t${namesOf(change)}: too large to compare\n`);
  if (format === "stat") {
    const { added, deleted, binary } = diffStat(change, contents.before, contents.after, textRule(repo));
    return plain(`${binary ? "-\t-" : `${added}\t${deleted}`}\t${namesOf(change)}\n`);
  }
  const names = { abbreviate: (oid: ObjectId) => abbreviate(repo, oid), quotePath: false };
  return shownText(renderPatch(change, contents.before, contents.after, { context, ...names, ...textRule(repo) }));
}

const plain = (text: string): ShownText => ({ text, replaced: false });

/** `-diff` in .gitattributes, which `binary` stands for too, makes a file's lines not worth showing. */
function textRule(repo: Repository) {
  return {
    isText(path: ByteString) {
      const value = repo.attributes().get(path, "diff");
      return typeof value === "boolean" ? value : undefined;
    },
  };
}

const pathOf = ({ before, after }: FileChange): ByteString => (after ?? before)?.path ?? "";

function namesOf({ before, after }: FileChange): string {
  const names = [before?.path, after?.path].filter((path) => path !== undefined);
  return [...new Set(names)].map(shownPath).join(" => ");
}

function firstLines(text: string, maxBytes: number): string {
  const beginning = firstBytes(text, maxBytes);
  return beginning.slice(0, beginning.lastIndexOf("\n") + 1);
}
