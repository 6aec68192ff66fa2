import { closest } from "./closest.js";
import { commandOptions, flagName, type OptionRow } from "./options.js";
import { comingTransport, type Source } from "./source.js";
import { fromText } from "./text-value.js";

export interface Argv extends Source {
  asked?: "help" | "version" | undefined;
}

/**
 * Reads `--flag value`, `--flag=value`, `--boolean`, lists as repeated flags or with commas, and arguments without a flag;
 * `--` ends the flags. No value is ever repeated in a problem: what follows a mistyped flag may be a secret.
 */
export function readArgv(argv: readonly string[], rows: readonly OptionRow[]): Argv {
  const result: Argv = { given: new Map(), problems: [] };
  const flags = new Map([...rows, ...commandOptions].flatMap((row) => (row.flag ? [[row.flag, row] as const] : [])));
  const loose: string[] = [];
  const queue = [...argv];

  for (let word = queue.shift(); word !== undefined; word = queue.shift()) {
    if (word === "--") loose.push(...queue.splice(0));
    else if (!looksLikeFlag(word)) loose.push(word);
    else readFlag(word);
  }
  takeLooseArguments();
  return result;

  function readFlag(word: string): void {
    const [flag, attached] = splitFlag(word);
    const row = flags.get(flag === "-h" ? "--help" : flag);
    if (!row) {
      result.problems.push(unknownFlag(flag, rows, flags));
      if (attached === undefined) takeValue();
    } else if (row.name === "help" || row.name === "version") {
      result.asked ??= row.name;
    } else if (row.type === "boolean") {
      if (attached === undefined && /^(true|false)$/.test(queue[0] ?? "")) {
        result.problems.push(`${flag}: takes its value after an equals sign: ${flag}=${queue.shift()}`);
      } else set(row, flag, attached ?? "true");
    } else {
      const value = attached ?? takeValue();
      if (value !== undefined) set(row, flag, value);
      else result.problems.push(`${flag}: needs a value: ${flag} <${row.placeholder}>`);
    }
  }

  function takeValue(): string | undefined {
    return queue[0]?.startsWith("--") ? undefined : queue.shift();
  }

  function set(row: OptionRow, source: string, text: string): void {
    const value = fromText(row, text);
    const before = result.given.get(row.name)?.value;
    result.given.set(row.name, { source, value: Array.isArray(before) ? before.concat(value) : value });
  }

  function takeLooseArguments(): void {
    const row = rows.find(({ positional }) => positional);
    if (row && loose.length > 0) result.given.set(row.name, { source: row.placeholder, value: loose });
    else if (loose.length > 0) {
      result.problems.push("unexpected argument: every option is a flag such as --log-level debug; see --help");
    }
  }
}

/** `-` alone and negative numbers are values. */
const looksLikeFlag = (word: string) => /^-(-|[a-z])/i.test(word);

function splitFlag(word: string): [flag: string, attached: string | undefined] {
  const equals = word.indexOf("=");
  return equals === -1 ? [word, undefined] : [word.slice(0, equals), word.slice(equals + 1)];
}

function unknownFlag(flag: string, rows: readonly OptionRow[], flags: ReadonlyMap<string, OptionRow>): string {
  const coming = flag.startsWith("--") && comingTransport(flag.slice(2));
  if (coming) return `${flag}: ${coming}`;
  const meant = rows.find((row) => flagName(row.name) === flag);
  if (meant) return `${flag}: ${notOnTheCommandLine(meant)}`;
  const named = FLAG_NAME.test(flag) ? `unknown flag ${flag}` : "unknown flag";
  const positive = flag.replace(/^--no-/, "--");
  if (flags.get(positive)?.type === "boolean") return `${named}; write ${positive}=false`;
  const near = closest(flag, flags.keys());
  return `${named}; ${near ? `did you mean ${near}?` : "see --help"}`;
}

/** What is safe to repeat: a token that begins with a dash is not spelt like this. */
const FLAG_NAME = /^--?[a-z][a-z-]{0,30}([A-Z][a-z]{1,12}){0,3}\d?$/;

function notOnTheCommandLine({ name, env, secret, positional, placeholder }: OptionRow): string {
  if (secret) return `a secret is never taken from the command line; set ${env} or ${env}_FILE`;
  if (positional) return `is given without a flag: ${placeholder}`;
  return `does not fit on the command line; set ${name} in a --config file`;
}
