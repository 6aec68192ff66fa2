import type {
  JSONRPCMessage,
  JSONRPCRequest,
  RequestId,
  Transport,
  TransportSendOptions,
} from "@modelcontextprotocol/server";
import { withValues } from "../output/json-list.js";
import { StdioTransport } from "./stdio.js";

/** Decides which of the URIs a client wants to listen to it gets, and ends what was granted, by the id of the request. */
export interface Listening {
  grant(uri: string, listener: RequestId): Promise<boolean>;
  release(uri: string, listener: RequestId): void;
}

/**
 * Stands between a transport and the SDK's serving entry for the two things that entry does not tell a server: which
 * resources a 2026 client listens to (the entry answers `subscriptions/listen` itself), and whether a request is open.
 */
export class Wire implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: (message: JSONRPCMessage) => void;
  readonly #open = new Set<RequestId>();
  readonly #granted = new Map<RequestId, string[]>();
  #idle: (() => void)[] = [];

  constructor(
    private readonly inner: Transport,
    private readonly listening: Listening,
    private readonly ended: () => void,
  ) {}

  async start(): Promise<void> {
    this.inner.onmessage = (message) => this.#receive(message);
    this.inner.onerror = (error) => this.onerror?.(error);
    this.inner.onclose = () => {
      for (const id of [...this.#granted.keys()]) this.#release(id);
      this.onclose?.();
      this.ended();
    };
    await this.inner.start();
  }

  send(message: JSONRPCMessage, options?: TransportSendOptions): Promise<void> {
    if (!("method" in message) && message.id !== undefined) this.#settle(message.id);
    // Only our own transport writes lists that are JSON already.
    return this.inner.send(this.inner instanceof StdioTransport ? message : withValues(message), options);
  }

  close(): Promise<void> {
    return this.inner.close();
  }

  /** Resolves once every request received has its answer. */
  whenIdle(): Promise<void> {
    return this.#open.size === 0 ? Promise.resolve() : new Promise((resolve) => this.#idle.push(resolve));
  }

  #receive(message: JSONRPCMessage): void {
    if (isRequest(message)) {
      if (message.method === "subscriptions/listen") return void this.#listen(message);
      this.#open.add(message.id);
    } else if ("method" in message && message.method === "notifications/cancelled") {
      this.#settle(message.params?.["requestId"] as RequestId);
    }
    this.onmessage?.(message);
  }

  async #listen(message: JSONRPCRequest): Promise<void> {
    const notifications = message.params?.["notifications"] as { resourceSubscriptions?: unknown } | undefined;
    const wanted = notifications?.resourceSubscriptions;
    if (!Array.isArray(wanted)) return this.onmessage?.(message);
    const granted: string[] = [];
    this.#granted.set(message.id, granted);
    for (const uri of new Set(wanted.map(String))) {
      const isGranted = await this.listening.grant(uri, message.id);
      if (this.#granted.get(message.id) !== granted) {
        // Cancelled or closed meanwhile: what was granted before is released already.
        if (isGranted) this.listening.release(uri, message.id);
        return;
      }
      if (isGranted) granted.push(uri);
    }
    this.onmessage?.({
      ...message,
      params: { ...message.params, notifications: { ...notifications, resourceSubscriptions: [...granted] } },
    });
  }

  #settle(id: RequestId): void {
    this.#release(id);
    this.#open.delete(id);
    if (this.#open.size > 0) return;
    for (const resolve of this.#idle) resolve();
    this.#idle = [];
  }

  #release(id: RequestId): void {
    for (const uri of this.#granted.get(id) ?? []) this.listening.release(uri, id);
    this.#granted.delete(id);
  }
}

/** The transport has parsed every message against its schema, which the SDK's own guards would do again. */
const isRequest = (message: JSONRPCMessage): message is JSONRPCRequest => "method" in message && "id" in message;
