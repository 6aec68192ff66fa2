import { InMemoryTransport, type Transport } from "@modelcontextprotocol/server";
import { loadConfig } from "../config/load.js";
import { sharedOptions } from "../config/shared.js";
import type { Caller } from "../define/context.js";
import type { ServerDefinition } from "../define/server.js";
import { createLogger } from "../process/logs.js";
import { openApp } from "./app.js";
import { serve } from "./serve.js";

export interface MemoryOptions {
  /** As on the command line. */
  argv?: readonly string[];
  env?: Record<string, string | undefined>;
  caller?: Caller;
  /** Takes the log's JSON lines in place of stderr. */
  onLog?: ((line: string) => void) | undefined;
}

/**
 * Serves a definition inside this process, for tests and embedding: same configuration, pipeline and SDK as the bin.
 * @returns the transport for a client of either SDK and era, and what closes everything
 * @throws ConfigError
 */
export async function serveInMemory(
  definition: ServerDefinition,
  { argv = [], env = {}, caller, onLog }: MemoryOptions = {},
): Promise<{ transport: Transport; close(): Promise<void> }> {
  const loaded = loadConfig({
    schema: definition.config,
    shared: sharedOptions(definition),
    argv,
    env,
  });
  if (loaded.kind !== "run") throw new TypeError(`${argv.join(" ")} asks for ${loaded.kind}, not for a server`);
  const { config, shared } = loaded;
  const secrets = new Set(loaded.secrets);
  const log = createLogger({ server: definition.name, level: shared.logLevel, secrets, write: onLog });
  const app = await openApp(definition, { config, shared, secrets, log });
  const [near, far] = InMemoryTransport.createLinkedPair();
  const connection = serve(app, far, { caller });
  return {
    transport: near,
    close: async () => {
      await connection.close();
      await app.close();
    },
  };
}
