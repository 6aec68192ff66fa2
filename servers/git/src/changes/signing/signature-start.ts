import type { ByteString } from "../../repository/bytes/byte-string.js";

const BEGIN = /^-----BEGIN (?:PGP SIGNATURE|PGP MESSAGE|SIGNED MESSAGE|SSH SIGNATURE)-----/m;

/** Where the signature of a tag begins, which stands behind its message; undefined where it has none. */
export const signatureStart = (tag: ByteString): number | undefined => BEGIN.exec(tag)?.index;
