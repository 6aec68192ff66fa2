import { readFileSync } from "node:fs";
import { closest } from "./closest.js";
import type { OptionRow } from "./options.js";
import { comingTransport, type Source } from "./source.js";

/** Reads a JSON object whose keys are option names. Values keep their JSON types. */
export function readConfigFile(path: string, rows: readonly OptionRow[]): Source {
  const result: Source = { given: new Map(), problems: [] };
  const settings = readObject(path);
  if (typeof settings === "string") return { ...result, problems: [settings] };

  const known = new Map(rows.map((row) => [row.name, row]));
  for (const [name, value] of Object.entries(settings)) {
    const source = `${name} in ${path}`;
    const row = known.get(name);
    if (!row) result.problems.push(`${source}: ${unknownKey(name, known.keys())}`);
    else if (row.secret) result.problems.push(`${source}: ${notInFiles(row)}`);
    else result.given.set(name, { value, source });
  }
  return result;
}

function unknownKey(name: string, known: Iterable<string>): string {
  const coming = comingTransport(name);
  if (coming) return coming;
  const near = closest(name, known);
  return near ? `unknown key; did you mean ${near}?` : "unknown key; see --help for the names";
}

const notInFiles = ({ env }: OptionRow) => `a secret is never taken from a config file; set ${env} or ${env}_FILE`;

/** The object, or a line about why there is none. */
function readObject(path: string): Record<string, unknown> | string {
  let text: string;
  try {
    text = readFileSync(path, "utf8").replace(/^\uFEFF/, "");
  } catch (error) {
    return `--config: cannot read ${path} (${(error as NodeJS.ErrnoException).code}); name a readable JSON file`;
  }
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
    return `--config: ${path} must hold a JSON object, such as {"timeout": 120}`;
  } catch (error) {
    return `--config: ${path} is not valid JSON${whereInText(text, error as SyntaxError)}; correct the syntax`;
  }
}

/** The parser's own message quotes the file, and with it what may be a secret: only the place is told. */
function whereInText(text: string, { message }: SyntaxError): string {
  const position = /position (\d+)/.exec(message)?.[1];
  if (position === undefined) return "";
  const before = text.slice(0, Number(position)).split("\n");
  return ` at line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
}
