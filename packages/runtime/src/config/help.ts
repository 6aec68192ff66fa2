import type * as z from "zod";
import { commandOptions, describeOptions, type OptionRow } from "./options.js";

export interface HelpSubject {
  bin: string;
  version: string;
  /** One sentence. */
  description: string;
  /** The server's own options. */
  schema: z.ZodObject;
  shared: z.ZodObject;
}

const WIDTH = 100;
const LABEL_WIDTH = 30;

const PRECEDENCE = `A flag comes before the environment, that before the config file. Lists: repeat the flag, or use commas.
A key of the config file is the flag in camelCase: {"maxOutput": "64k"}.`;

/** What `--help` prints: every option with its environment name and default, in at most 100 columns. */
export function helpText({ bin, version, description, schema, shared }: HelpSubject): string {
  const own = describeOptions(schema);
  const positional = own.find((row) => row.positional);
  const sections: [title: string, rows: readonly OptionRow[]][] = [
    ["Arguments", own.filter((row) => row.positional)],
    ["Options", own.filter((row) => row.flag)],
    ["Options of every server", [...describeOptions(shared), ...commandOptions]],
    ["In the environment only", own.filter((row) => row.secret)],
    ["In the config file only", own.filter((row) => row.type === "json")],
  ];
  return [
    `${bin} ${version}`,
    ...wrap(description, WIDTH),
    "",
    `Usage: ${bin} [options]${positional ? ` ${usage(positional)}` : ""}`,
    ...sections
      .filter(([, rows]) => rows.length > 0)
      .flatMap(([title, rows]) => ["", `${title}:`, ...rows.flatMap(lines)]),
    "",
    ...wrap(PRECEDENCE, WIDTH),
    "",
    `Example: ${bin} --log-level debug --config settings.json`,
    "",
  ].join("\n");
}

const usage = ({ placeholder, required }: OptionRow) => (required ? `<${placeholder}> …` : `[${placeholder} …]`);

function lines(row: OptionRow): string[] {
  const words = wrap([row.description, ...remarks(row)].filter(Boolean).join(" "), WIDTH - LABEL_WIDTH);
  const name = label(row);
  const beside = name.length + 2 <= LABEL_WIDTH - 2;
  const first = beside ? `  ${name}`.padEnd(LABEL_WIDTH) + (words.shift() ?? "") : `  ${name}`;
  return [first.trimEnd(), ...words.map((line) => " ".repeat(LABEL_WIDTH) + line)];
}

function label(row: OptionRow): string {
  if (row.positional) return `${row.placeholder} …`;
  if (row.secret) return row.env ?? row.name;
  if (!row.flag) return row.name;
  if (row.type === "boolean") return row.default === true ? `${row.flag}[=false]` : row.flag;
  return `${row.flag} <${row.placeholder}>`;
}

function remarks(row: OptionRow): string[] {
  const preset = shown(row.default) && `default ${shown(row.default)}`;
  const env = row.secret ? `or ${row.env}_FILE` : row.env && `env ${row.env}`;
  const facts = [row.required ? "required" : preset, env].filter(Boolean);
  return facts.length > 0 ? [`(${facts.join(", ")})`] : [];
}

/** Empty for what goes without saying. */
function shown(value: unknown): string {
  if (value === undefined || value === false) return "";
  if (Array.isArray(value) && value.every((item) => typeof item !== "object")) return value.join(",");
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** Breaks at spaces; a longer word is broken where the line ends. */
function wrap(text: string, width: number): string[] {
  const result: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/).flatMap((long) => long.match(new RegExp(`.{1,${width}}`, "gu")) ?? [])) {
    if (line && line.length + 1 + word.length > width) {
      result.push(line);
      line = word;
    } else line = line ? `${line} ${word}` : word;
  }
  return line ? [...result, line] : result;
}
