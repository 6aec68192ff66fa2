import { ConfigError } from "./config/config-error.js";
import { helpText } from "./config/help.js";
import { loadConfig } from "./config/load.js";
import { sharedOptions } from "./config/shared.js";
import type { ServerDefinition } from "./define/server.js";
import { runUntilStopped } from "./process/lifecycle.js";
import { createLogger } from "./process/logs.js";
import { openApp } from "./serve/app.js";
import { serve } from "./serve/serve.js";
import { StdioTransport } from "./serve/stdio.js";
import { WholeLines } from "./serve/whole-lines.js";

const BAD_CONFIGURATION = 2;
/** Bytes; a file that is written comes in one message. A larger one ends the connection. */
const LARGEST_MESSAGE = 128 * 1024 ** 2;

/** The whole of a server's bin: reads the configuration, serves stdio, ends cleanly. */
export async function runCli(definition: ServerDefinition): Promise<void> {
  try {
    await start(definition);
  } catch (error) {
    refuse(definition, error);
  }
}

async function start(definition: ServerDefinition): Promise<void> {
  const { name, version, description, config: schema } = definition;
  const bin = `mcp-server-${name}`;
  const shared = sharedOptions(definition);
  const loaded = loadConfig({ schema, shared, argv: process.argv.slice(2), env: process.env });
  if (loaded.kind === "version") return void process.stdout.write(`${version}\n`);
  if (loaded.kind === "help") {
    return void process.stdout.write(helpText({ bin, version, description, schema, shared }));
  }

  const secrets = new Set(loaded.secrets);
  const log = createLogger({ server: name, level: loaded.shared.logLevel, secrets });
  const app = await openApp(definition, { config: loaded.config, shared: loaded.shared, secrets, log });
  const stdin = new WholeLines(LARGEST_MESSAGE);
  const transport = new StdioTransport(stdin, process.stdout, { maxBufferSize: 2 * LARGEST_MESSAGE });
  const connection = serve(app, transport, {
    refused: (error) => refuse(definition, error),
    ended: () => shutdown.request("the connection ended"),
  });
  const shutdown = runUntilStopped({
    log,
    stop: async (_reason, graceOver) => {
      connection.services().catch(() => {}); // a client that never came is refused like one that did
      await Promise.race([connection.whenIdle(), aborted(graceOver)]);
      await connection.close();
      await app.close();
    },
  });

  // The transport drops open calls when its input ends, so it only sees the end once they are answered.
  process.stdin.pipe(stdin, { end: false });
  for (const end of ["end", "close", "error"]) process.stdin.once(end, () => shutdown.request("stdin closed"));
}

const aborted = (signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    signal.addEventListener("abort", () => resolve(), { once: true });
  });

function refuse({ name }: ServerDefinition, error: unknown): never {
  if (!(error instanceof ConfigError)) throw error;
  process.stderr.write(error.problems.map((problem) => `mcp-server-${name}: ${problem}\n`).join(""));
  process.exit(BAD_CONFIGURATION);
}
