/** How far git looks for a NUL. */
const LOOKED_AT = 8000;

/** Is this no text, as git decides it without attributes: is there a NUL among the first 8000 bytes? */
export function isBinary(content: Buffer): boolean {
  const at = content.indexOf(0);
  return at >= 0 && at < LOOKED_AT;
}
