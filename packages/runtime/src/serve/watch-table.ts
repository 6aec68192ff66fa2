import { ToolError } from "@mcp-reference/validation";
import type { RequestId } from "@modelcontextprotocol/server";
import type { CallerConnection, CallRequest } from "../call/calls.js";
import { findResource } from "../call/resource-calls.js";
import type { App } from "./app.js";

/** Who is subscribed: a `subscriptions/listen` request, or all of a 2025-era session. */
export type Subscriber = RequestId | typeof session;
export const session: unique symbol = Symbol("session");

/** Each may hold a descriptor of the system's. */
const MOST_WATCHED = 1000;

interface Watch {
  subscribers: Set<Subscriber>;
  stop: Promise<() => void>;
}

/** What one connection watches: one watch a URI, however many subscribe to it, and none that nobody is subscribed to. */
export class WatchTable {
  readonly #watches = new Map<string, Watch>();

  constructor(
    private readonly app: App,
    private readonly connection: CallerConnection,
    private readonly changed: (uri: string) => void,
  ) {}

  /**
   * Subscribes to a resource the caller may read.
   * @param request ends the start of the watch; without one nothing but the deadline does
   * @throws ToolError
   */
  async subscribe(uri: string, subscriber: Subscriber, request = detached()): Promise<void> {
    const existing = this.#watches.get(uri);
    if (existing) {
      existing.subscribers.add(subscriber);
      await existing.stop;
      return;
    }
    if (this.#watches.size >= MOST_WATCHED) {
      throw new ToolError("TOO_LARGE", `${MOST_WATCHED} resources are watched already`, {
        hint: "Unsubscribe from some of them first",
      });
    }
    const watch: Watch = { subscribers: new Set([subscriber]), stop: this.#start(uri, request) };
    this.#watches.set(uri, watch);
    await watch.stop.catch((error) => {
      if (this.#watches.get(uri) === watch) this.#watches.delete(uri);
      throw error;
    });
  }

  unsubscribe(uri: string, subscriber: Subscriber): void {
    const watch = this.#watches.get(uri);
    if (!watch) return;
    watch.subscribers.delete(subscriber);
    if (watch.subscribers.size === 0) this.#end(uri, watch);
  }

  /** Begins every watch again, for what the caller may see now; the others end. */
  renew(): void {
    for (const [uri, watch] of [...this.#watches]) {
      this.#end(uri, watch);
      for (const subscriber of watch.subscribers) {
        this.subscribe(uri, subscriber).catch((error) => this.app.log.info({ err: error }, "ended a subscription"));
      }
    }
  }

  clear(): void {
    for (const [uri, watch] of this.#watches) this.#end(uri, watch);
  }

  #start(uri: string, request: CallRequest): Promise<() => void> {
    const operation = { name: "resources/subscribe", effect: "read" as const, args: { uri } };
    let begun: Promise<() => void> | undefined;
    const started = this.app.calls.run(operation, this.connection, request, async (context) => {
      const { resource, variables } = findResource(this.app.resources, uri);
      if (!resource.watch) throw new ToolError("UNSUPPORTED", `${uri} cannot be watched`);
      begun = Promise.resolve(resource.watch(variables, () => this.changed(uri), context));
      return begun;
    });
    // A cancelled or late start may still come about.
    started.catch(() => begun?.then(stopNow, () => {}));
    return started;
  }

  #end(uri: string, watch: Watch): void {
    this.#watches.delete(uri);
    watch.stop.then(stopNow, () => {}); // a failed start has nothing to stop
  }
}

const stopNow = (stop: () => void) => stop();

/** A subscription outlives the request that asked for it. */
const detached = (): CallRequest => ({ mcpReq: { signal: new AbortController().signal, notify: async () => {} } });
