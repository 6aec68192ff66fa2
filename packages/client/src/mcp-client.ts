import type {
  CallToolResult,
  CompleteRequestParams,
  CompleteResult,
  CreateMessageRequestParams,
  CreateMessageResult,
  ElicitRequestFormParams,
  ElicitResult,
  GetPromptResult,
  Implementation,
  Progress,
  Prompt,
  ReadResourceResult,
  Resource,
  ResourceTemplateType,
  ServerCapabilities,
  Tool,
  Transport,
} from "@modelcontextprotocol/client";

/** Which SDK speaks: `@modelcontextprotocol/sdk` (nearly every client today) or `@modelcontextprotocol/client`. */
export type Sdk = "v1" | "v2";

/** `initialize` and everything up to 2025-11-25, or the stateless 2026-07-28. */
export type Era = "2025" | "2026";

/** A server to start, or a transport that leads to one. */
export type ConnectTarget = CommandTarget | { transport: Transport };

export interface CommandTarget {
  command: string;
  args?: readonly string[] | undefined;
  /** Added to the few variables that are always passed on, such as PATH and HOME. */
  env?: Record<string, string> | undefined;
  cwd?: string | undefined;
  /** Where the server's log goes; a number is a file descriptor. Default `inherit`. */
  stderr?: "inherit" | "ignore" | number | undefined;
}

export interface ConnectOptions {
  /** Default `v2`. */
  sdk?: Sdk | undefined;
  /** Default `auto`: 2026 where the server speaks it. The v1 SDK only speaks 2025. */
  era?: Era | "auto" | undefined;
  /** URIs of the folders the client shares; without them it says that it has no roots. Changed with `setRoots`. */
  roots?: readonly string[] | undefined;
  /** Answers a server's form; without it the client says that it shows none. */
  elicit?: ElicitHandler | undefined;
  /** Answers for the client's model; without it the client says that it has none. */
  sample?: SampleHandler | undefined;
  /** Milliseconds a request may go without an answer or progress. Default: the SDK's 60 s. */
  timeoutMs?: number | undefined;
}

export type ElicitHandler = (question: ElicitRequestFormParams) => ElicitResult | Promise<ElicitResult>;
export type SampleHandler = (request: CreateMessageRequestParams) => CreateMessageResult | Promise<CreateMessageResult>;

export interface CallOptions {
  /** Aborting it cancels the call on the server too. */
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: Progress) => void) | undefined;
}

export interface Notification {
  method: string;
  params?: Record<string, unknown> | undefined;
}

/**
 * One connected client, the same whichever SDK and era are behind it. Protocol errors reject with the SDK's own error,
 * which has the JSON-RPC `code` and `data` in both.
 */
export interface McpClient extends AsyncDisposable {
  readonly sdk: Sdk;
  /** What was agreed on with the server. */
  readonly era: Era;
  readonly instructions: string | undefined;
  readonly serverVersion: Implementation | undefined;
  readonly capabilities: ServerCapabilities;

  /** All tools, every page; so do the other lists. */
  listTools(): Promise<Tool[]>;
  /** @param name of the tool; a failed call resolves with `isError` */
  callTool(name: string, args?: Record<string, unknown>, options?: CallOptions): Promise<CallToolResult>;
  listResources(): Promise<Resource[]>;
  listResourceTemplates(): Promise<ResourceTemplateType[]>;
  readResource(uri: string, options?: CallOptions): Promise<ReadResourceResult>;
  listPrompts(): Promise<Prompt[]>;
  getPrompt(name: string, args?: Record<string, string>, options?: CallOptions): Promise<GetPromptResult>;
  /** Values for an argument of a prompt (`ref/prompt`) or a variable of a template (`ref/resource`). */
  complete(request: CompleteRequestParams, options?: CallOptions): Promise<CompleteResult["completion"]>;

  /** Asks for `notifications/resources/updated` of one resource. Rejects where the server does not grant it. */
  subscribe(uri: string): Promise<void>;
  unsubscribe(uri: string): Promise<void>;
  /** @returns stops listening */
  onNotification(listener: (notification: Notification) => void): () => void;

  /** Shares other folders from now on and tells the server. */
  setRoots(uris: readonly string[]): Promise<void>;
  /** Ends the connection, and the server where this client started it. */
  close(): Promise<void>;
}
