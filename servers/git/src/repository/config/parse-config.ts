import { ToolError } from "@mcp-reference/validation";
import { type ByteString, textOf } from "../bytes/byte-string.js";

/** One setting of a config file. */
export interface ConfigLine {
  /** Lower case. */
  readonly section: string;
  /** Exactly as written, or lower case where written the old way as `[section.subsection]`. */
  readonly subsection: ByteString | undefined;
  /** Lower case. */
  readonly key: string;
  /** Null for a key without `=`, which stands for true. */
  readonly value: ByteString | null;
  /** Whether it came with the repository; else it is the user's own. */
  readonly ofRepository?: boolean;
}

/** Settings of all files together; nobody has more. */
const MOST_LINES = 50_000;
const HEADER = /\[([A-Za-z0-9.-]+)(?:[ \t]+"((?:[^"\\\n]|\\[^\n])*)")?\]/y;
const KEY = /([A-Za-z][A-Za-z0-9-]*)[ \t]*(=?)/y;
const BLANK = /(?:[ \t\r\n]|[#;][^\n]*)*/y;
const ESCAPES: Readonly<Record<string, string>> = { n: "\n", t: "\t", b: "\b", '"': '"', "\\": "\\" };

/**
 * Parses the syntax of git's config files.
 * @param name of the file, for the message
 * @throws ToolError INVALID_ARGUMENT with the number of the line; never with its text, which may be secret
 */
export function parseConfig(text: ByteString, name: string): ConfigLine[] {
  const source = text.startsWith("\u00ef\u00bb\u00bf") ? text.slice(3) : text;
  const lines: ConfigLine[] = [];
  let header: { section: string; subsection: ByteString | undefined } | undefined;
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const match = pattern.exec(source);
    if (match) at = pattern.lastIndex;
    return match;
  };
  for (;;) {
    take(BLANK);
    if (at >= source.length) return lines;
    const opened = take(HEADER);
    if (opened) {
      header = readHeader(opened[1] ?? "", opened[2]);
      continue;
    }
    const key = header && take(KEY);
    if (!header || !key || lines.length >= MOST_LINES) throw malformed(source, at, name);
    const value = key[2] === "=" ? readValue(source, at) : endOfKey(source, at);
    if (value === undefined) throw malformed(source, at, name);
    at = value.end;
    lines.push({ ...header, key: (key[1] ?? "").toLowerCase(), value: value.text });
  }
}

function readHeader(section: string, quoted: string | undefined) {
  if (quoted !== undefined) {
    return { section: section.toLowerCase(), subsection: quoted.replace(/\\(.)/g, "$1") };
  }
  const dot = section.indexOf(".");
  const lower = section.toLowerCase();
  return dot < 0
    ? { section: lower, subsection: undefined }
    : { section: lower.slice(0, dot), subsection: lower.slice(dot + 1) };
}

interface Value {
  readonly text: ByteString | null;
  readonly end: number;
}

/** A key that stands alone must be followed by nothing, not even by a comment. */
function endOfKey(source: string, at: number): Value | undefined {
  const ends = at >= source.length || source[at] === "\n" || source.startsWith("\r\n", at);
  return ends ? { text: null, end: at } : undefined;
}

/** From behind `=` to the end of the line: quotes, escapes, continuation lines, comments, inner blanks as they are. */
function readValue(source: string, start: number): Value | undefined {
  let text = "";
  let blanks = "";
  let quoted = false;
  let at = start;
  for (; at < source.length; at++) {
    const character = source[at] ?? "";
    if (character === "\n" || source.startsWith("\r\n", at)) break;
    if (!quoted && (character === "#" || character === ";")) {
      const end = source.indexOf("\n", at);
      return { text, end: end < 0 ? source.length : end };
    }
    if (!quoted && /[ \t\r]/.test(character)) {
      if (text !== "") blanks += character;
      continue;
    }
    text += blanks;
    blanks = "";
    if (character === '"') {
      quoted = !quoted;
    } else if (character === "\\") {
      at += source.startsWith("\\\r\n", at) ? 2 : 1;
      const escaped = source[at];
      if (escaped === "\n") continue;
      const meant = ESCAPES[escaped ?? ""];
      if (meant === undefined) return undefined;
      text += meant;
    } else {
      text += character;
    }
  }
  return quoted ? undefined : { text, end: at };
}

function malformed(source: string, at: number, name: string): ToolError {
  const line = source.slice(0, at).split("\n").length;
  return new ToolError("INVALID_ARGUMENT", `Line ${line} of the config file ${textOf(name)} is malformed`, {
    hint: "Correct it; `git config --list` shows what git thinks of it",
  });
}
