export type Newline = "\n" | "\r\n";

/** The newline that all lines of a text end with; undefined where they differ. A text of one line counts as LF. */
export function uniformNewline(text: string): Newline | undefined {
  if (!text.includes("\r\n")) return "\n";
  return hasBareNewline(text) ? undefined : "\r\n";
}

/** The newline of most of a text's lines. */
export function commonNewline(text: string): Newline {
  let crlf = 0;
  let bare = 0;
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) {
    if (text[at - 1] === "\r") crlf++;
    else bare++;
  }
  return crlf > bare ? "\r\n" : "\n";
}

export const withNewline = (text: string, newline: Newline) => text.replaceAll(/\r?\n/g, newline);

/** Lines with their newlines; a text that ends with one has no empty line after it. */
export const splitLines = (text: string): string[] => (text === "" ? [] : text.split(/(?<=\n)/));

/** A line without its newline, or what is left of one. */
export const chomp = (line: string) => line.replace(/\r?\n?$/, "");

export function countNewlines(text: string, end = text.length): number {
  let count = 0;
  for (let at = text.indexOf("\n"); at !== -1 && at < end; at = text.indexOf("\n", at + 1)) count++;
  return count;
}

function hasBareNewline(text: string): boolean {
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) {
    if (text[at - 1] !== "\r") return true;
  }
  return false;
}
