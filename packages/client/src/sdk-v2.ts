import {
  Client,
  type McpSubscription,
  type RequestOptions,
  type VersionNegotiationMode,
} from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { clientCapabilities, clientInfo, toStdioParameters } from "./handshake.js";
import type { ConnectOptions, ConnectTarget } from "./mcp-client.js";
import type { SdkSession, SharedRoots } from "./session.js";

type Era = NonNullable<ConnectOptions["era"]>;

const MODES: Record<Era, VersionNegotiationMode> = { "2025": "legacy", "2026": { pin: "2026-07-28" }, auto: "auto" };

/** Connects with `@modelcontextprotocol/client`, which speaks both eras. */
export async function connectV2(
  target: ConnectTarget,
  options: ConnectOptions,
  roots: SharedRoots,
): Promise<SdkSession> {
  const { elicit, sample, timeoutMs, era: wanted = "auto" } = options;
  const client = new Client(clientInfo, {
    capabilities: clientCapabilities(options),
    versionNegotiation: { mode: MODES[wanted] },
  });
  if (options.roots) {
    client.setRequestHandler("roots/list", () => ({ roots: roots.uris.map((uri) => ({ uri })) }));
  }
  if (elicit) {
    client.setRequestHandler("elicitation/create", ({ params }) => elicit(params as Parameters<typeof elicit>[0]));
  }
  if (sample) client.setRequestHandler("sampling/createMessage", ({ params }) => sample(params));
  await client.connect(toTransport(target, wanted), timeoutMs === undefined ? {} : { timeout: timeoutMs });
  const era = client.getProtocolEra() === "modern" ? "2026" : "2025";
  return {
    sdk: "v2",
    era,
    client,
    callTool: (name, args, callOptions) => client.callTool({ name, arguments: args }, callOptions),
    ...(era === "2026" ? listening(client) : subscribing(client)),
  };
}

type Subscriptions = Pick<SdkSession, "subscribe" | "unsubscribe">;

const subscribing = (client: Client): Subscriptions => ({
  subscribe: async (uri, options) => {
    await client.subscribeResource({ uri }, options);
  },
  unsubscribe: async (uri, options) => {
    await client.unsubscribeResource({ uri }, options);
  },
});

/** In 2026 a subscription is a request that stays open; the server's acknowledgement says which resources it granted. */
function listening(client: Client): Subscriptions {
  const open = new Map<string, McpSubscription>();
  return {
    async subscribe(uri: string, options: RequestOptions) {
      if (open.has(uri)) return;
      const subscription = await client.listen({ resourceSubscriptions: [uri] }, options);
      if (!subscription.honoredFilter.resourceSubscriptions?.includes(uri)) {
        await subscription.close();
        throw new Error(`the server does not grant a subscription to ${uri}`);
      }
      open.set(uri, subscription);
    },
    async unsubscribe(uri: string) {
      await open.get(uri)?.close();
      open.delete(uri);
    },
  };
}

function toTransport(target: ConnectTarget, era: Era) {
  if ("transport" in target) return target.transport;
  const Transport = era === "auto" ? StdioClientTransport : OneProcessTransport;
  return new Transport(toStdioParameters(target));
}

/**
 * The SDK finds out the era with a process of its own, so that a server which exits on an unknown request does no
 * harm, but asks a subclass directly. Where the era is given there is nothing to find out, and one process is enough.
 */
class OneProcessTransport extends StdioClientTransport {}
