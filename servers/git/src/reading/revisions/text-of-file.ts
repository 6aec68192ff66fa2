/** Bytes looked at to tell text from other content, as git does. */
const SAMPLE = 8000;

/** The text of a file in UTF-8; undefined for any other content. */
export function textOfFile(content: Buffer): string | undefined {
  if (content.subarray(0, SAMPLE).includes(0)) return undefined;
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(content);
  } catch {
    return undefined;
  }
}
