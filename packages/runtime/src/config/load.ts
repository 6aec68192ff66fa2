import type * as z from "zod";
import { readArgv } from "./argv.js";
import { ConfigError } from "./config-error.js";
import { readConfigFile } from "./config-file.js";
import { type Environment, readEnvironment } from "./environment.js";
import { explain, problemLine, type Settings } from "./explain.js";
import { commandOptions, describeOptions, type OptionRow } from "./options.js";

/** `run` carries what was configured; `secrets` are the raw values of secret options, for the logger and the output to keep in. */
export type Loaded<Config, Shared> =
  | { kind: "help" }
  | { kind: "version" }
  | { kind: "run"; config: Config; shared: Shared; secrets: string[] };

export interface ConfigSources<Config extends z.ZodObject, Shared extends z.ZodObject> {
  schema: Config;
  /** The options every server has: `sharedOptions()`. */
  shared: Shared;
  /** `process.argv.slice(2)` */
  argv: readonly string[];
  env: Environment;
}

/**
 * Reads and checks all settings. Flags come before the environment, that before the config file, that before defaults; a list
 * is taken whole from one of them. `--help` and `--version` are answered whatever else is wrong.
 * @throws ConfigError with every problem there is, a line each, none repeating a secret.
 */
export function loadConfig<Config extends z.ZodObject, Shared extends z.ZodObject>({
  schema,
  shared,
  argv,
  env,
}: ConfigSources<Config, Shared>): Loaded<z.output<Config>, z.output<Shared>> {
  const rows = [...describeOptions(schema), ...describeOptions(shared)];
  requireDistinct([...rows, ...commandOptions]);
  const flags = readArgv(argv, rows);
  if (flags.asked) return { kind: flags.asked };

  const environment = readEnvironment(env, [...rows, ...commandOptions]);
  const path = (flags.given.get("config") ?? environment.given.get("config"))?.value;
  const file = typeof path === "string" ? readConfigFile(path, rows) : { given: [], problems: [] };

  const { secrets } = environment;
  const settings: Settings = { rows, secrets, given: new Map([...file.given, ...environment.given, ...flags.given]) };
  const problems = [...flags.problems, ...environment.problems, ...file.problems];
  const config = check(schema, settings, problems);
  const sharedConfig = check(shared, settings, problems);
  if (!config || !sharedConfig || problems.length > 0) throw new ConfigError(problems.map(oneLine));
  return { kind: "run", config, shared: sharedConfig, secrets };
}

function check<Schema extends z.ZodObject>(
  schema: Schema,
  settings: Settings,
  problems: string[],
): z.output<Schema> | undefined {
  const set = Object.keys(schema.shape).flatMap((name) => {
    const given = settings.given.get(name);
    return given ? [[name, given.value] as const] : [];
  });
  const result = schema.safeParse(Object.fromEntries(set), { error: explain, reportInput: true });
  if (result.success) return result.data;
  problems.push(...result.error.issues.map((issue) => problemLine(issue, settings)));
  return undefined;
}

/** A mistake of the server's author, not of its user. */
function requireDistinct(rows: readonly OptionRow[]): void {
  for (const key of ["name", "flag", "env"] as const) {
    const taken = rows.map((row) => row[key]).filter((value) => value !== null);
    const twice = taken.find((value, index) => taken.indexOf(value) !== index);
    if (twice) throw new Error(`Two options have the ${key} ${twice}: rename the server's own`);
  }
}

/** A value may hold line ends and control characters; a problem is one line. */
const oneLine = (text: string) => text.replace(/\p{Cc}+/gu, " ");
