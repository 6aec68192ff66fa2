import { ToolError } from "@mcp-reference/validation";
import { LRUCache } from "lru-cache";
import { diffNumberedLines } from "../diff/line-diff.js";
import { LineInterner, type NumberedLines } from "../diff/line-interner.js";
import { splitLines } from "../diff/lines.js";
import type { LineChange } from "../diff/types.js";
import type { ObjectId } from "../object-id.js";
import type { ObjectStore } from "../objects/types.js";

/** Bytes of content that are kept to number lines by, before it all begins anew. */
const MOST_KEPT_BYTES = 32 * 1024 * 1024;
/** Bytes and lines of a version: numbers and positions of lines take several times that. */
const LARGEST_BYTES = 32 * 1024 * 1024;
const MOST_LINES = 1_000_000;
/** Versions of the file that are kept split and numbered. */
const KEPT_VERSIONS = 16;

/** Compares versions of one file: successive ones are much alike, so most lines are split and numbered once. */
export class BlobLines {
  readonly #objects: ObjectStore;
  readonly #kept = new LRUCache<ObjectId, NumberedLines>({ max: KEPT_VERSIONS });
  #interner = new LineInterner();

  constructor(objects: ObjectStore) {
    this.#objects = objects;
  }

  countLines(blob: ObjectId): number {
    return this.#numbered(blob).lines.count;
  }

  changes(before: ObjectId, after: ObjectId): LineChange[] {
    if (this.#interner.keptBytes > MOST_KEPT_BYTES) {
      this.#interner = new LineInterner();
      this.#kept.clear();
    }
    const now = this.#numbered(after);
    const old = this.#numbered(before, now);
    return diffNumberedLines(old, now, this.#interner.count, { trimEnd: true });
  }

  #numbered(blob: ObjectId, like?: NumberedLines): NumberedLines {
    const known = this.#kept.get(blob);
    if (known) return known;
    const content = this.#objects.blob(blob);
    if (content.length > LARGEST_BYTES) throw tooLarge();
    const lines = splitLines(content);
    if (lines.count > MOST_LINES) throw tooLarge();
    const numbered = this.#interner.number(lines, like);
    this.#kept.set(blob, numbered);
    return numbered;
  }
}

const tooLarge = (): ToolError =>
  new ToolError("TOO_LARGE", `A version of the file has more than ${MOST_LINES} lines or ${LARGEST_BYTES} bytes`);
