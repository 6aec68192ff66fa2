import { ToolError } from "@mcp-reference/validation";
import { type ByteString, textOf } from "../bytes/byte-string.js";
import type { GitConfig } from "../config/types.js";
import type { Layout } from "../layout/types.js";
import type { ObjectId } from "../object-id.js";
import type { ObjectStore } from "../objects/types.js";
import { isRefName } from "./ref-format.js";
import { RefReader } from "./ref-reader.js";
import { RefTransaction } from "./ref-transaction.js";
import { readReflog } from "./reflog-file.js";
import type { Head, Ref, RefChange, ReflogEntry, RefStore } from "./types.js";
import { writeErrors } from "./write-errors.js";

/** Refs of one worktree, read from disk at each call; `packed-refs` is parsed once for each version of it. */
export const openRefStore = (layout: Layout, objects: ObjectStore, config: GitConfig): RefStore =>
  new FileRefStore(layout, objects, config);

class FileRefStore implements RefStore {
  readonly #layout: Layout;
  readonly #objects: ObjectStore;
  readonly #config: GitConfig;
  readonly #reader: RefReader;

  constructor(layout: Layout, objects: ObjectStore, config: GitConfig) {
    this.#layout = layout;
    this.#objects = objects;
    this.#config = config;
    this.#reader = new RefReader(layout);
  }

  head(): Head {
    const { ref, oid } = this.#reader.follow("HEAD");
    if (ref !== "HEAD") return { kind: "branch", ref, oid };
    if (oid !== undefined) return { kind: "detached", oid };
    throw new ToolError("UPSTREAM", "The repository has no HEAD", { hint: "Write one with git symbolic-ref HEAD" });
  }

  resolve(ref: ByteString): ObjectId | undefined {
    return this.#reader.follow(ref).oid;
  }

  symbolic(ref: ByteString): ByteString | undefined {
    const found = this.#reader.raw(ref);
    return found?.kind === "symbolic" ? found.target : undefined;
  }

  list(prefix: ByteString = "refs/"): readonly Ref[] {
    return this.#reader.list(prefix);
  }

  peeled(ref: ByteString): ObjectId | undefined {
    const packed = this.#reader.packed().refs.get(ref);
    const now = packed?.peeled === undefined ? undefined : this.#reader.raw(ref);
    return now?.kind === "direct" && now.oid === packed?.oid ? packed.peeled : undefined;
  }

  reflog(ref: ByteString): readonly ReflogEntry[] {
    if (!isRefName(ref)) throw new ToolError("INVALID_ARGUMENT", `${textOf(ref)} cannot be the name of a ref`);
    return readReflog(this.#layout, ref).reverse();
  }

  update(changes: readonly RefChange[], log: Pick<ReflogEntry, "who" | "message">): void {
    const transaction = new RefTransaction(this.#layout, this.#reader, this.#objects, this.#config);
    try {
      transaction.prepare(changes);
      transaction.commit(log);
    } catch (error) {
      throw writeErrors(error);
    } finally {
      transaction.release();
    }
  }
}
