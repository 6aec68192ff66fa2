import { ToolError } from "@mcp-reference/validation";

const onWindows = process.platform === "win32";

/**
 * The `file:` URI of an absolute path, properly encoded whatever is in a name: `/a b` is `file:///a%20b`,
 * `C:\a` is `file:///C:/a`.
 */
export function uriOfPath(absolute: string, windows = onWindows): string {
  return `file:///${encodePath(variableOfPath(absolute, windows))}`;
}

/** The value of `path` in `file:///{+path}`, decoded: an absolute path without the slash that the template has. */
export const variableOfPath = (absolute: string, windows = onWindows) =>
  windows ? absolute.replaceAll("\\", "/") : absolute.slice(1);

/** The way back: `etc/x` is `/etc/x`, and `C:/x` stays as it is. */
export const pathOfVariable = (variable: string, windows = onWindows) => (windows ? variable : `/${variable}`);

/**
 * The path of a `file:` URI on this machine; undefined for any other text.
 * @throws ToolError INVALID_ARGUMENT when it is not properly percent-encoded
 */
export function pathOfUri(uri: string, windows = onWindows): string | undefined {
  const encoded = /^file:\/\/\/(.*)$/is.exec(uri)?.[1];
  return encoded === undefined ? undefined : pathOfVariable(decodePart(encoded), windows);
}

/** @throws ToolError INVALID_ARGUMENT for text that is not properly percent-encoded */
export function decodePart(encoded: string): string {
  try {
    return decodeURIComponent(encoded);
  } catch {
    throw new ToolError("INVALID_ARGUMENT", `${JSON.stringify(encoded)} is not properly percent-encoded`, {
      hint: "Write % as %25, # as %23 and ? as %3F",
    });
  }
}

/** A name that is no Unicode (Windows) has no URI: it gets one that leads nowhere. */
const encodePath = (slashed: string) => encodeURI(Buffer.from(slashed).toString()).replace(/[?#]/g, encodeURIComponent);
