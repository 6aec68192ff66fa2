import { ToolError } from "@mcp-reference/validation";
import type { ObjectId, ObjectType } from "../../repository/object-id.js";
import { IdSet } from "./id-set.js";

const ID_BYTES = 20;
const SUBMODULE = "160000";
const SPACE = 0x20;
const SLASH = 0x2f;

/** What the objects of a pack need: a pack is let in only when all of it is there, else a later read would fail anywhere. */
export class References {
  readonly #needed = new IdSet();
  readonly #shallow: ReadonlySet<ObjectId>;

  /** @param shallow commits whose parents are not expected */
  constructor(shallow: Iterable<ObjectId>) {
    this.#shallow = new Set(shallow);
  }

  /** @throws ToolError UPSTREAM for an object whose references cannot be read */
  collect(type: ObjectType, content: Buffer, oid: ObjectId): void {
    if (type === "tree") this.#collectTree(content);
    else if (type === "commit") this.#collectCommit(content, oid);
    else if (type === "tag") this.#need(headerIds(content, "object")[0]);
  }

  /** The first that `has` does not know. */
  missing(has: (id: Buffer) => boolean): ObjectId | undefined {
    for (const id of this.#needed) if (!has(id)) return id.toString("hex");
    return undefined;
  }

  #collectTree(content: Buffer): void {
    let slash = indexFrom(content, SLASH, 0);
    for (let at = 0; at < content.length; ) {
      const space = content.indexOf(SPACE, at);
      const zero = space < 0 ? -1 : content.indexOf(0, space);
      const end = zero + 1 + ID_BYTES;
      if (zero < 0 || zero === space + 1 || end > content.length) throw malformed("tree");
      // Ids have that byte too: it is looked for once, not again for each name.
      if (slash < space) slash = indexFrom(content, SLASH, space);
      if (slash < zero) throw malformed("tree");
      if (content.toString("latin1", at, space) !== SUBMODULE) this.#needed.add(content, zero + 1);
      at = end;
    }
  }

  #collectCommit(content: Buffer, oid: ObjectId): void {
    this.#need(headerIds(content, "tree")[0]);
    if (this.#shallow.has(oid)) return;
    for (const parent of headerIds(content, "parent")) this.#need(parent);
  }

  #need(id: string | undefined): void {
    if (id === undefined) throw malformed("object");
    this.#needed.add(Buffer.from(id, "hex"));
  }
}

/** Where a byte is next; beyond the end where it is no more. */
function indexFrom(content: Buffer, byte: number, at: number): number {
  const found = content.indexOf(byte, at);
  return found < 0 ? content.length : found;
}

/** Ids in the headers of a commit or tag. */
function headerIds(content: Buffer, name: string): string[] {
  const end = content.indexOf("\n\n");
  const headers = content.toString("latin1", 0, end < 0 ? content.length : end);
  return Array.from(headers.matchAll(new RegExp(`^${name} ([\\da-f]{40})$`, "gm")), ([, id]) => id ?? "");
}

const malformed = (what: string) => new ToolError("UPSTREAM", `the remote sent a malformed ${what}`);
