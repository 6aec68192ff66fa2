import { readFileSync } from "node:fs";
import type { OptionRow } from "./options.js";
import type { Given, Source } from "./source.js";
import { fromText } from "./text-value.js";

export type Environment = Readonly<Record<string, string | undefined>>;

export interface EnvironmentSource extends Source {
  /** Raw values of the secret options: what no output may hold. */
  secrets: string[];
}

/** Reads each option's variable, and for secrets the file that `<variable>_FILE` names. An empty variable counts as unset. */
export function readEnvironment(env: Environment, rows: readonly OptionRow[]): EnvironmentSource {
  const result: EnvironmentSource = { given: new Map(), problems: [], secrets: [] };
  for (const row of rows) {
    if (!row.env) continue;
    const text = env[row.env];
    const file = row.secret ? env[`${row.env}_FILE`] : undefined;
    if (text) result.given.set(row.name, textOf(row, row.env, text));
    if (text && row.secret) result.secrets.push(text);
    if (text && file) result.problems.push(`${row.env}: ${row.env}_FILE is set too; keep one of them`);
    else if (file) readSecretFile(row, `${row.env}_FILE`, file, result);
  }
  return result;
}

/** Problems leave the path out: the secret itself may stand there by mistake. */
function readSecretFile(row: OptionRow, source: string, path: string, result: EnvironmentSource): void {
  let text: string;
  try {
    text = readFileSync(path, "utf8").replace(/\r?\n$/, "");
  } catch (error) {
    result.problems.push(
      `${source}: cannot read the file it names (${(error as NodeJS.ErrnoException).code}); name a readable one`,
    );
    return;
  }
  if (text === "") result.problems.push(`${source}: the file it names is empty; put the secret in it`);
  else {
    result.secrets.push(text);
    result.given.set(row.name, textOf(row, source, text));
  }
}

const textOf = (row: OptionRow, source: string, text: string): Given => ({ source, value: fromText(row, text) });
