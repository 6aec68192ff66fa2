import * as z from "zod";

declare module "zod" {
  interface GlobalMeta {
    /** From the environment or a `_FILE` only: argv and config files are read by too many. */
    secret?: boolean;
    /** A list that takes the arguments without a flag. */
    positional?: boolean;
    /** Established name of the environment variable, instead of `MCP_<NAME>`. */
    env?: string;
    /** What stands for the value in help: `file`. */
    placeholder?: string;
  }
}

/**
 * One field of a config schema, as flags, environment, help, README and manifests need it. `.describe()` is its help text,
 * `.meta({ secret, positional, env, placeholder })` says the rest.
 */
export interface OptionRow {
  /** Key in the schema and in the config file: `maxOutput`. */
  name: string;
  /** `json` is what only fits into a config file: objects, records, lists of them. */
  type: "boolean" | "number" | "string" | "list" | "json";
  /** `--max-output`; null for secrets, positionals and `json`. */
  flag: string | null;
  /** `MCP_MAX_OUTPUT`; null for `json`. A secret is also read from the file that `<env>_FILE` names. */
  env: string | null;
  /** Words the field takes; empty when it takes any. Beside `number`, words it takes instead of one. */
  choices: readonly string[];
  /** Undefined where there is none. */
  default: unknown;
  required: boolean;
  description: string;
  placeholder: string;
  secret: boolean;
  positional: boolean;
}

/** The rows of a config schema, in its order. Call it once for a server's schema and once for the shared one. */
export function describeOptions(schema: z.ZodObject): OptionRow[] {
  return Object.entries(schema.shape).map(([name, field]) => describeField(name, field));
}

const command = { choices: [], default: undefined, required: false, secret: false, positional: false };
const onlyFlag = { ...command, type: "boolean", env: null, placeholder: "" } as const;

/** Flags about the command rather than the server; a config file cannot hold them. */
export const commandOptions: readonly OptionRow[] = [
  {
    ...command,
    name: "config",
    type: "string",
    flag: "--config",
    env: "MCP_CONFIG",
    description: "Read options from this JSON file: an object with their names as keys",
    placeholder: "file",
  },
  { ...onlyFlag, name: "help", flag: "--help", description: "Show this help and exit" },
  { ...onlyFlag, name: "version", flag: "--version", description: "Show the version and exit" },
];

function describeField(name: string, field: z.core.SomeType): OptionRow {
  const { meta, preset, inner } = unwrap(field);
  const { type, choices } = classify(inner);
  const secret = meta.secret === true;
  const positional = meta.positional === true;
  return {
    name,
    type,
    flag: secret || positional || type === "json" ? null : flagName(name),
    env: type === "json" ? null : (meta.env ?? envName(name)),
    choices,
    default: preset,
    required: field._zod.optin === undefined,
    description: meta.description ?? "",
    placeholder: meta.placeholder ?? defaultPlaceholder(type, choices),
    secret,
    positional,
  };
}

export const flagName = (name: string) => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/** Prefixed, because a bare `TIMEOUT` or `PATH` in the environment belongs to somebody else. */
const envName = (name: string) => `MCP_${name.replace(/[A-Z]/g, "_$&").toUpperCase()}`;

function defaultPlaceholder(type: OptionRow["type"], choices: readonly string[]): string {
  if (type === "number") return ["n", ...choices].join("|");
  if (choices.length > 0) return choices.join("|");
  return { boolean: "true|false", string: "text", list: "text", json: "json" }[type];
}

interface Unwrapped {
  meta: z.core.GlobalMeta;
  preset: unknown;
  inner: z.core.$ZodTypes;
}

/** Down to the schema that reads the input; the outermost default and metadata win. */
function unwrap(field: z.core.SomeType): Unwrapped {
  const schema = field as z.core.$ZodTypes;
  const meta = z.globalRegistry.get(schema) ?? {};
  const beneath = inputOf(schema);
  if (!beneath) return { meta, preset: undefined, inner: schema };
  const under = unwrap(beneath);
  const { def } = schema._zod;
  const preset = def.type === "default" || def.type === "prefault" ? def.defaultValue : under.preset;
  return { meta: { ...under.meta, ...meta }, preset, inner: under.inner };
}

function inputOf({ _zod: { def } }: z.core.$ZodTypes): z.core.SomeType | undefined {
  switch (def.type) {
    case "optional":
    case "default":
    case "prefault":
    case "nullable":
    case "nonoptional":
    case "readonly":
    case "catch":
      return def.innerType;
    case "pipe": // a preprocess step takes anything, so what follows it says what is meant
      return (def.in as z.core.$ZodTypes)._zod.def.type === "transform" ? def.out : def.in;
    default:
      return undefined;
  }
}

interface Shape {
  type: OptionRow["type"];
  choices: readonly string[];
}

/** What text the schema takes. A union takes what its members take, as far as one flag can say it. */
function classify(schema: z.core.$ZodTypes): Shape {
  const { def } = schema._zod;
  switch (def.type) {
    case "string":
    case "template_literal":
      return { type: "string", choices: [] };
    case "number":
    case "boolean":
      return { type: def.type, choices: [] };
    case "enum":
      return ofWords(Object.values(def.entries));
    case "literal":
      return ofWords(def.values);
    case "array": {
      const item = classify(unwrap(def.element).inner);
      return item.type === "string" ? { type: "list", choices: item.choices } : JSON_ONLY;
    }
    case "union":
      return def.options.map((option) => classify(unwrap(option).inner)).reduce(either);
    default:
      return JSON_ONLY;
  }
}

const JSON_ONLY: Shape = { type: "json", choices: [] };

function ofWords(values: readonly unknown[]): Shape {
  const choices = values.filter((value) => typeof value === "string");
  return choices.length === values.length ? { type: "string", choices } : JSON_ONLY;
}

function either(a: Shape, b: Shape): Shape {
  const kinds = new Set([a.type, b.type]);
  if (kinds.has("json") || kinds.has("list") || kinds.has("boolean")) return JSON_ONLY;
  const free = [a, b].find(({ type, choices }) => type === "string" && choices.length === 0);
  return free ?? { type: kinds.has("number") ? "number" : "string", choices: [...a.choices, ...b.choices] };
}
