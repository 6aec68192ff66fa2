import { setMaxListeners } from "node:events";
import { setTimeout } from "node:timers/promises";
import { type AuditFile, createRateLimiter, openAuditFile } from "@mcp-reference/security";
import { type CursorCodec, createCursorCodec } from "@mcp-reference/validation";
import { Questions } from "../call/asking.js";
import { Calls } from "../call/calls.js";
import { OfferedTool } from "../call/tool-calls.js";
import { ConfigError } from "../config/config-error.js";
import type { SharedConfig } from "../config/shared.js";
import type { Caller } from "../define/context.js";
import type { Prompt } from "../define/prompt.js";
import type { Resource } from "../define/resource.js";
import type { OpenServices, ServerDefinition } from "../define/server.js";
import type { Tool } from "../define/tool.js";
import { secretKeeper } from "../output/secret-keeper.js";
import type { Logger } from "../process/logs.js";

/** What a definition is opened with. */
export interface AppSettings {
  config: unknown;
  shared: SharedConfig;
  /** Values that must never leave the process; the log has the same set, and what the server finds joins it. */
  secrets?: Set<string>;
  log: Logger;
}

/** A server opened once a process; every connection is served from it. */
export interface App {
  readonly definition: ServerDefinition;
  readonly tools: ReadonlyMap<string, OfferedTool>;
  readonly resources: readonly Resource[];
  readonly prompts: readonly Prompt[];
  readonly calls: Calls;
  readonly questions: Questions;
  readonly cursors: CursorCodec;
  readonly log: Logger;
  forCaller(caller: Caller): Promise<OpenServices>;
  /** Cancels calls in flight and closes the services. */
  close(): Promise<void>;
}

/** What cancelled handlers have to clean up in; one that takes no notice must not hold up the end. */
const CLEAN_UP_MS = 300;

/** @throws ConfigError when the settings cannot work. */
export async function openApp(definition: ServerDefinition, settings: AppSettings): Promise<App> {
  const { config, shared, secrets = new Set(), log } = settings;
  const tools = chooseTools(definition, shared);
  const services = await definition.open(config, {
    log,
    readOnly: shared.readOnly,
    keepSecret: (value) => void secrets.add(value),
  });
  const stopping = new AbortController();
  setMaxListeners(0, stopping.signal); // every call in flight listens
  const cursors = createCursorCodec();
  const questions = new Questions(shared.confirm);
  const audit = shared.auditLog === undefined ? undefined : openAudit(shared.auditLog);
  const calls = new Calls({
    server: definition.name,
    timeout: shared.timeout,
    concurrency: definition.concurrency,
    maxOutput: shared.maxOutput,
    rate: shared.rateLimit === "off" ? undefined : createRateLimiter({ perMinute: shared.rateLimit }),
    audit,
    cursors,
    redact: secretKeeper(secrets),
    log,
    shutdown: stopping.signal,
  });
  return {
    definition,
    tools: new Map(tools.map((tool) => [tool.name, new OfferedTool(tool, questions)])),
    resources: definition.resources(config),
    prompts: definition.prompts,
    calls,
    questions,
    cursors,
    log,
    forCaller: async (caller) => definition.forCaller(services, caller),
    close: async () => {
      stopping.abort();
      await Promise.race([calls.settled(), setTimeout(CLEAN_UP_MS, undefined, { ref: false })]);
      await services.close?.();
      audit?.close();
    },
  };
}

function openAudit(path: string): AuditFile {
  try {
    return openAuditFile(path);
  } catch (error) {
    throw new ConfigError(`--audit-log: ${path} cannot be written (${(error as Error).message})`);
  }
}

/** `--read-only` leaves the tools that only read, `--tools` those it names by tool or set; without it some sets are off. */
function chooseTools(definition: ServerDefinition, { readOnly, tools: wanted }: SharedConfig): Tool[] {
  const known = new Set(definition.tools.flatMap((tool) => [tool.name, ...(tool.set ? [tool.set] : [])]));
  const unknown = (wanted ?? []).filter((name) => !known.has(name));
  if (unknown.length > 0) {
    throw new ConfigError(`--tools: there is no tool or set ${unknown.join(", ")}; there are ${[...known].join(", ")}`);
  }
  return definition.tools
    .filter(({ effect }) => !readOnly || effect.kind === "read")
    .filter(({ name, set = "" }) =>
      wanted ? wanted.includes(name) || wanted.includes(set) : !definition.offByDefault.includes(set),
    );
}
