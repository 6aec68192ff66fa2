import type { ByteString } from "../bytes/byte-string.js";

/** What `.gitattributes` say of a path: set, unset, a value, or nothing. */
export interface AttributeRules {
  get(path: ByteString, attribute: string): boolean | string | undefined;
}
