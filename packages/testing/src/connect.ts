import { fileURLToPath } from "node:url";
import {
  type CommandTarget,
  type ConnectOptions,
  connect as connectClient,
  type McpClient,
} from "@mcp-reference/client";
import { type Caller, type ServerDefinition, serveInMemory } from "@mcp-reference/runtime";
import { atTestEnd, onFailureShow } from "./at-test-end.js";

export interface TestConnectOptions extends ConnectOptions {
  /** Default `memory`; `stdio` starts `bin`. */
  transport?: "memory" | "stdio" | undefined;
  /** A server's built `cli.js`. */
  bin?: string | URL | undefined;
  /** The server's command line. */
  argv?: readonly string[] | undefined;
  env?: Record<string, string> | undefined;
  /** Who calls, in memory. Default: the local user, who may do everything. */
  caller?: Caller | undefined;
  /** Receives the server's log lines, in memory. They are shown when the test fails. */
  onLog?: ((line: string) => void) | undefined;
}

/**
 * Connects a client to a server, in this process or started; both end with the running test.
 * @throws ConfigError for settings that the definition refuses, in memory
 */
export async function connect(
  target: ServerDefinition | CommandTarget,
  options: TestConnectOptions = {},
): Promise<McpClient> {
  const client = "command" in target ? await connectClient(target, options) : await connectTo(target, options);
  atTestEnd(() => client.close());
  return client;
}

function connectTo(definition: ServerDefinition, options: TestConnectOptions): Promise<McpClient> {
  const { argv = [], bin, env, transport = "memory" } = options;
  if (transport === "memory") return connectInMemory(definition, options);
  if (bin === undefined) throw new TypeError("give the bin to connect to over stdio");
  const args = [bin instanceof URL ? fileURLToPath(bin) : bin, ...argv];
  return connectClient({ command: process.execPath, args, env, stderr: "ignore" }, options);
}

async function connectInMemory(definition: ServerDefinition, options: TestConnectOptions): Promise<McpClient> {
  const { argv = [], env = {}, caller, onLog } = options;
  const lines: string[] = [];
  const collect = (line: string) => {
    lines.push(line);
    onLog?.(line);
  };
  const served = await serveInMemory(definition, { argv, env, onLog: collect, ...(caller && { caller }) });
  onFailureShow(() => lines.join(""));
  const closed = once(async () => {
    await client.close();
    await served.close();
  });
  const client = await connectClient({ transport: served.transport }, options).catch(async (error) => {
    await served.close();
    throw error;
  });
  return { ...client, close: closed, [Symbol.asyncDispose]: closed };
}

function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => {
    done ??= work();
    return done;
  };
}
