import type { ByteString } from "../bytes/byte-string.js";

/** Lower case of the letters A to Z alone: other bytes may be parts of a character. */
export const foldCase = (text: ByteString): ByteString => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
