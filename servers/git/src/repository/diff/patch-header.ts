import type { ByteString } from "../bytes/byte-string.js";
import { modeText } from "../file-mode.js";
import { NULL_ID, type ObjectId } from "../object-id.js";
import { quotePath } from "./quote-path.js";
import type { FileChange, FileVersion } from "./types.js";

export interface PatchHeaderOptions {
  /** Shortens the ids of the `index` line; `NULL_ID` too. */
  readonly abbreviate: (oid: ObjectId) => string;
  /** `core.quotePath`; true unless given. */
  readonly quotePath?: boolean | undefined;
}

/** What a patch says of a file before its lines. */
export interface PatchHeader {
  /** `diff --git …` and what follows, up to the `index` line. */
  readonly text: ByteString;
  /** Is there anything to tell besides the lines: a mode, a name? */
  readonly telling: boolean;
  /** `a/path` and `b/path`, quoted where needed, or `/dev/null`. */
  readonly beforeLabel: ByteString;
  readonly afterLabel: ByteString;
}

/** Of a change that is no change of type: git shows those as a deletion and an addition. */
export function patchHeader(change: FileChange, options: PatchHeaderOptions): PatchHeader {
  const { before, after } = change;
  const quote = (path: ByteString) => quotePath(path, options.quotePath);
  const beforeName = quote(`a/${(before ?? after)?.path}`);
  const afterName = quote(`b/${(after ?? before)?.path}`);
  const facts = [...modeLines(before, after), ...nameLines(change, quote)];
  const lines = [`diff --git ${beforeName} ${afterName}`, ...facts, ...indexLine(before, after, options)];
  return {
    text: lines.map((line) => `${line}\n`).join(""),
    telling: facts.length > 0,
    beforeLabel: before ? beforeName : "/dev/null",
    afterLabel: after ? afterName : "/dev/null",
  };
}

function modeLines(before: FileVersion | undefined, after: FileVersion | undefined): ByteString[] {
  if (!before) return after ? [`new file mode ${modeText(after.mode)}`] : [];
  if (!after) return [`deleted file mode ${modeText(before.mode)}`];
  if (before.mode === after.mode) return [];
  return [`old mode ${modeText(before.mode)}`, `new mode ${modeText(after.mode)}`];
}

function nameLines(
  { status, similarity = 100, before, after }: FileChange,
  quote: (path: ByteString) => ByteString,
): ByteString[] {
  if ((status !== "R" && status !== "C") || !before || !after) return [];
  const verb = status === "R" ? "rename" : "copy";
  return [`similarity index ${similarity}%`, `${verb} from ${quote(before.path)}`, `${verb} to ${quote(after.path)}`];
}

function indexLine(
  before: FileVersion | undefined,
  after: FileVersion | undefined,
  { abbreviate }: PatchHeaderOptions,
): ByteString[] {
  const ids = [before, after].map((version) => (version ? (version.oid ?? NULL_ID) : NULL_ID));
  if (ids[0] === ids[1] && ids[0] !== NULL_ID) return [];
  const sameMode = before && before.mode === after?.mode ? ` ${modeText(before.mode)}` : "";
  return [`index ${ids.map(abbreviate).join("..")}${sameMode}`];
}
