import type {
  CallToolResult,
  CreateMessageRequestParams,
  ElicitRequestFormParams,
  Transport,
} from "@modelcontextprotocol/client";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import type { Transport as V1Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import {
  CreateMessageRequestSchema,
  ElicitRequestSchema,
  ListRootsRequestSchema,
} from "@modelcontextprotocol/sdk/types.js";
import { clientCapabilities, clientInfo, toStdioParameters } from "./handshake.js";
import type { ConnectOptions, ConnectTarget } from "./mcp-client.js";
import type { SdkSession, SharedMethods, SharedRoots } from "./session.js";

/** Connects with `@modelcontextprotocol/sdk`, which speaks the 2025 era. */
export async function connectV1(
  target: ConnectTarget,
  options: ConnectOptions,
  roots: SharedRoots,
): Promise<SdkSession> {
  const { elicit, sample, timeoutMs } = options;
  if (options.era === "2026") throw new TypeError("the v1 SDK does not speak the 2026 era");
  const client = new Client(clientInfo, { capabilities: clientCapabilities(options) });
  if (options.roots) {
    client.setRequestHandler(ListRootsRequestSchema, () => ({ roots: roots.uris.map((uri) => ({ uri })) }));
  }
  if (elicit) {
    client.setRequestHandler(ElicitRequestSchema, ({ params }) => elicit(params as ElicitRequestFormParams));
  }
  if (sample) {
    client.setRequestHandler(CreateMessageRequestSchema, ({ params }) => sample(params as CreateMessageRequestParams));
  }
  await client.connect(toTransport(target), timeoutMs === undefined ? {} : { timeout: timeoutMs });
  return {
    sdk: "v1",
    era: "2025",
    // The same methods; this SDK only types JSON objects as `object`.
    client: client as unknown as SharedMethods,
    callTool: async (name, args, callOptions) =>
      (await client.callTool({ name, arguments: args }, undefined, callOptions)) as CallToolResult,
    subscribe: async (uri, callOptions) => {
      await client.subscribeResource({ uri }, callOptions);
    },
    unsubscribe: async (uri, callOptions) => {
      await client.unsubscribeResource({ uri }, callOptions);
    },
  };
}

const toTransport = (target: ConnectTarget) =>
  ("transport" in target
    ? (target.transport as Transport)
    : new StdioClientTransport(toStdioParameters(target))) as V1Transport;
