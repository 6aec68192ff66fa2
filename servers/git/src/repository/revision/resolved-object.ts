import type { ByteString } from "../bytes/byte-string.js";
import type { TypedObject } from "./peel.js";

/** What a revision names. */
export interface ResolvedObject extends TypedObject {
  /** Of `rev:path` and `:path`, without slashes at its ends. */
  readonly path?: ByteString;
  /** Of the entry at that path. */
  readonly mode?: number;
}
