import { isBinary } from "../../repository/diff/binary-content.js";
import { type ShownText, shownText } from "../shown-text.js";

/** The text of a file; undefined for binary content, as git tells it from text. */
export const textOfFile = (content: Buffer): ShownText | undefined =>
  isBinary(content) ? undefined : shownText(content);
