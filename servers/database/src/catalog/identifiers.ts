import { ToolError } from "@mcp-reference/validation";

/** One name of a dotted one, as it was written. */
export interface Identifier {
  /** Without quotes, not folded. */
  readonly text: string;
  readonly quoted: boolean;
}

/** `app."Order Lines"` or `app.total(integer, text)`, taken apart. */
export interface ObjectName {
  /** One to three names, the outermost first. */
  readonly path: readonly Identifier[];
  /** Argument types of a function, as written; undefined where there are no parentheses. */
  readonly args: string | undefined;
}

const MOST_PARTS = 3;
const PART = /\s*(?:"((?:[^"]|"")+)"|([^".()]+))\s*(\.|$|(?=\())/y;

/**
 * Reads a name as SQL writes it, a little more leniently: an unquoted part may hold anything but dots, quotes and parentheses.
 * @throws ToolError INVALID_ARGUMENT
 */
export function parseObjectName(written: string): ObjectName {
  const path: Identifier[] = [];
  PART.lastIndex = 0;
  while (path.length < MOST_PARTS) {
    const from = PART.lastIndex;
    const [whole, inQuotes, plain, end] = PART.exec(written) ?? [];
    const text = inQuotes?.replaceAll('""', '"') ?? plain?.trim();
    if (whole === undefined || !text) break;
    path.push({ text, quoted: inQuotes !== undefined });
    if (end === ".") continue;
    return { path, args: argumentsIn(written, from + whole.length) };
  }
  throw malformed(written);
}

function argumentsIn(written: string, from: number): string | undefined {
  const rest = written.slice(from).trim();
  if (rest === "") return undefined;
  if (!rest.startsWith("(") || !rest.endsWith(")")) throw malformed(written);
  return rest.slice(1, -1);
}

const malformed = (written: string) =>
  new ToolError("INVALID_ARGUMENT", `${JSON.stringify(written.slice(0, 200))} is not the name of an object`, {
    hint: 'Write name, schema.name or "Quoted Name", as in SQL',
  });

/** What PostgreSQL makes of an identifier: unquoted ones are folded, as its default encoding folds them. */
export const folded = ({ text, quoted }: Identifier) =>
  quoted ? text : text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
