import type { ByteString } from "../bytes/byte-string.js";
import { type PathPattern, pathPattern } from "../ignore/path-pattern.js";
import { unquotePath } from "../layout/quoted-path.js";

/** `null` takes back what files of less weight say. */
export type AttributeValue = boolean | string | null;

export interface Assignment {
  readonly name: string;
  readonly value: AttributeValue;
}

/** One line: what the paths of a pattern have, or what a macro stands for. The assignments that count come first. */
export type AttributeLine =
  | { readonly pattern: PathPattern; readonly assignments: readonly Assignment[] }
  | { readonly macro: string; readonly assignments: readonly Assignment[] };

const LONGEST_LINE = 2048;
const BYTE_ORDER_MARK = "\u00ef\u00bb\u00bf";
const MACRO = "[attr]";
const BLANK = " \t\r\n";

/**
 * Reads `.gitattributes`; the last line comes first. Lines that git warns of and skips are skipped.
 * @param mayDefine whether macros may be defined here: git allows it at the top only
 */
export function parseAttributeFile(
  content: ByteString,
  { ignoreCase, mayDefine }: { readonly ignoreCase: boolean; readonly mayDefine: boolean },
): readonly AttributeLine[] {
  const text = content.startsWith(BYTE_ORDER_MARK) ? content.slice(BYTE_ORDER_MARK.length) : content;
  const lines: AttributeLine[] = [];
  for (const line of text.split("\n")) {
    const parsed = line.length < LONGEST_LINE ? parseLine(trimStart(line), ignoreCase, mayDefine) : undefined;
    if (parsed) lines.push(parsed);
  }
  return lines.reverse();
}

function parseLine(line: ByteString, ignoreCase: boolean, mayDefine: boolean): AttributeLine | undefined {
  if (line === "" || line.startsWith("#")) return undefined;
  const { name, rest } = nameAt(line);
  const isMacro = name.startsWith(MACRO) && name.length > MACRO.length;
  const assignments = parseAssignments(isMacro ? line.slice(MACRO.length) : rest);
  if (assignments === undefined) return undefined;
  if (!isMacro) return name.startsWith("!") ? undefined : { pattern: pathPattern(name, ignoreCase), assignments };
  const macro = assignments.at(-1);
  if (!mayDefine || macro === undefined || macro.value !== true) return undefined;
  return { macro: macro.name, assignments: assignments.slice(0, -1) };
}

/** The first word: up to a blank, or in quotes as C has them. */
function nameAt(line: ByteString): { name: ByteString; rest: ByteString } {
  const quoted = line.startsWith('"') ? /^"(?:[^"\\]|\\.)*"/.exec(line) : null;
  const name = quoted && unquotePath(quoted[0]);
  if (name != null) return { name, rest: line.slice(quoted?.[0].length) };
  const end = /[ \t\r\n]/.exec(line)?.index ?? line.length;
  return { name: line.slice(0, end), rest: line.slice(end) };
}

/** The last first; undefined where a name is not valid: git then skips the line. */
function parseAssignments(text: ByteString): Assignment[] | undefined {
  const assignments: Assignment[] = [];
  for (const word of text.split(/[ \t\r\n]+/)) {
    if (word === "") continue;
    const assignment = assignmentOf(word);
    if (!isValidName(assignment.name)) return undefined;
    assignments.unshift(assignment);
  }
  return assignments;
}

function assignmentOf(word: ByteString): Assignment {
  const equals = word.indexOf("=");
  const name = equals === -1 ? word : word.slice(0, equals);
  if (word.startsWith("-")) return { name: name.slice(1), value: false };
  if (word.startsWith("!")) return { name: name.slice(1), value: null };
  return { name, value: equals === -1 ? true : word.slice(equals + 1) };
}

const isValidName = (name: string): boolean =>
  /^[A-Za-z0-9_.][-A-Za-z0-9_.]*$/.test(name) && !name.startsWith("builtin_");

function trimStart(line: ByteString): ByteString {
  let start = 0;
  while (start < line.length && BLANK.includes(line.charAt(start))) start++;
  return line.slice(start);
}
