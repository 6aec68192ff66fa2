import type { CallToolResult, Client, RequestOptions } from "@modelcontextprotocol/client";
import type { CallOptions, ConnectOptions, Era, McpClient, Notification, Sdk } from "./mcp-client.js";

/** What both SDKs' clients do alike. */
export type SharedMethods = Pick<
  Client,
  | "close"
  | "complete"
  | "getInstructions"
  | "getPrompt"
  | "getServerCapabilities"
  | "getServerVersion"
  | "listPrompts"
  | "listResources"
  | "listResourceTemplates"
  | "listTools"
  | "readResource"
  | "sendRootsListChanged"
> & { fallbackNotificationHandler?: ((notification: Notification) => Promise<void>) | undefined };

/** A connected SDK client, with what each does in its own way. */
export interface SdkSession {
  sdk: Sdk;
  era: Era;
  client: SharedMethods;
  callTool(name: string, args: Record<string, unknown>, options: RequestOptions): Promise<CallToolResult>;
  subscribe(uri: string, options: RequestOptions): Promise<void>;
  unsubscribe(uri: string, options: RequestOptions): Promise<void>;
}

/** The roots a client shares, which may change while it is connected. */
export interface SharedRoots {
  uris: readonly string[];
}

/** The common face of a connected SDK client. */
export function toMcpClient(session: SdkSession, roots: SharedRoots, { timeoutMs }: ConnectOptions): McpClient {
  const { sdk, era, client } = session;
  const listeners = new Set<(notification: Notification) => void>();
  client.fallbackNotificationHandler = async (notification) => {
    for (const listener of listeners) listener(notification);
  };

  const options = ({ signal, onProgress }: CallOptions = {}): RequestOptions => ({
    resetTimeoutOnProgress: true,
    ...(timeoutMs !== undefined && { timeout: timeoutMs }),
    ...(signal && { signal }),
    ...(onProgress && { onprogress: onProgress }),
  });

  const capabilities = client.getServerCapabilities() ?? {};
  /** What a server does not offer is an empty list; asked for it, one SDK fails and the other prints to the console. */
  const listIf = async <Item>(offered: object | undefined, list: () => Promise<Item[]>) => (offered ? list() : []);

  return {
    sdk,
    era,
    instructions: client.getInstructions(),
    serverVersion: client.getServerVersion(),
    capabilities,

    listTools: () => listIf(capabilities.tools, () => everyPage((page) => client.listTools(page, options()), "tools")),
    listResources: () =>
      listIf(capabilities.resources, () => everyPage((page) => client.listResources(page, options()), "resources")),
    listResourceTemplates: () =>
      listIf(capabilities.resources, () =>
        everyPage((page) => client.listResourceTemplates(page, options()), "resourceTemplates"),
      ),
    listPrompts: () =>
      listIf(capabilities.prompts, () => everyPage((page) => client.listPrompts(page, options()), "prompts")),
    callTool: (name, args = {}, callOptions) => session.callTool(name, args, options(callOptions)),
    readResource: (uri, callOptions) => client.readResource({ uri }, options(callOptions)),
    getPrompt: (name, args = {}, callOptions) => client.getPrompt({ name, arguments: args }, options(callOptions)),
    complete: async (request, callOptions) => (await client.complete(request, options(callOptions))).completion,

    subscribe: (uri) => session.subscribe(uri, options()),
    unsubscribe: (uri) => session.unsubscribe(uri, options()),
    onNotification(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },

    async setRoots(uris) {
      roots.uris = uris;
      // A 2026 server asks for roots when it needs them; there is nobody to notify.
      if (era === "2025") await client.sendRootsListChanged();
    },
    close: () => client.close(),
    [Symbol.asyncDispose]: () => client.close(),
  };
}

/** Walks a list to its end: the v2 SDK does so itself, the v1 SDK fetches one page a call. */
async function everyPage<Key extends string, Item>(
  list: (params: { cursor: string } | undefined) => Promise<{ nextCursor?: string | undefined } & Record<Key, Item[]>>,
  key: Key,
): Promise<Item[]> {
  const items: Item[] = [];
  const seen = new Set<string>();
  let params: { cursor: string } | undefined;
  do {
    const page = await list(params);
    items.push(...page[key]);
    params = page.nextCursor === undefined ? undefined : { cursor: page.nextCursor };
    if (params && seen.has(params.cursor)) throw new Error(`the server's list of ${key} goes round in circles`);
    if (params) seen.add(params.cursor);
  } while (params);
  return items;
}
