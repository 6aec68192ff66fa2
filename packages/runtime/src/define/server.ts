import type * as z from "zod";
import type { Logger } from "../process/logs.js";
import type { Awaitable } from "./awaitable.js";
import type { Caller } from "./context.js";
import type { Prompt } from "./prompt.js";
import type { Resource } from "./resource.js";
import type { Tool } from "./tool.js";

/** What handlers share, opened once a process. `object` keeps TypeScript from refusing services that need no closing. */
export type OpenServices = object & { close?(): Awaitable<void> };

/** What the process must be allowed to do, declared so that it can be confined to that. */
export interface Needs {
  fs: "none" | "roots" | "state";
  network: boolean;
  childProcesses: readonly string[];
  workers: boolean;
}

/** What `open` gets besides the configuration. */
export interface OpenContext {
  log: Logger;
  readOnly: boolean;
  /**
   * Hides a secret that was not configured as one, such as a password inside a file: results, errors and logs show
   * `[redacted]` in its place, wherever its characters appear.
   */
  keepSecret(value: string): void;
}

export interface ServerSpec<Config extends z.ZodObject, Services extends OpenServices> {
  /** Short name; the bin is `mcp-server-<name>`. */
  name: string;
  title?: string;
  version: string;
  description: string;
  /** Told to the model once: what the server is for and how its tools go together. */
  instructions: string;
  /** One schema for flags, environment names, config file, help and README. */
  config: Config;
  /** Default of `--read-only`. */
  readOnly?: boolean;
  /** How many calls of a caller run at once; more wait. Default 8. */
  concurrency?: number;
  /** Sets of tools that are offered only where `--tools` names them. */
  offByDefault?: readonly string[];
  /** Once a process. @throws ConfigError for settings that cannot work: exit 2, one line a problem. */
  open(config: z.output<Config>, context: OpenContext): Awaitable<Services>;
  /** Once a principal and again when its roots change: the part of the services it may use. */
  forCaller?(services: Services, caller: Caller): Awaitable<Services>;
  needs: Needs;
  tools: readonly Tool[];
  resources?: readonly Resource[] | ((config: z.output<Config>) => readonly Resource[]);
  prompts?: readonly Prompt[];
}

/** A server with its author's types erased; what `runCli`, tests and generators take. */
export interface ServerDefinition {
  readonly name: string;
  readonly title: string;
  readonly version: string;
  readonly description: string;
  readonly instructions: string;
  readonly config: z.ZodObject;
  readonly readOnly: boolean;
  readonly concurrency: number;
  readonly offByDefault: readonly string[];
  open(config: unknown, context: OpenContext): Awaitable<OpenServices>;
  forCaller(services: OpenServices, caller: Caller): Awaitable<OpenServices>;
  readonly needs: Needs;
  readonly tools: readonly Tool[];
  resources(config: unknown): readonly Resource[];
  readonly prompts: readonly Prompt[];
}

/** Puts a server together; this call is its table of contents. */
export function defineServer<Config extends z.ZodObject, Services extends OpenServices>(
  spec: ServerSpec<Config, Services>,
): ServerDefinition {
  const { resources = [] } = spec;
  return {
    title: `MCP ${spec.name} server`,
    readOnly: false,
    concurrency: 8,
    offByDefault: [],
    forCaller: (services: Services) => services,
    prompts: [],
    ...spec,
    resources: typeof resources === "function" ? resources : () => resources,
  } as ServerDefinition;
}
