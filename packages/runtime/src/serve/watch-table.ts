import { ToolError } from "@mcp-reference/validation";
import type { CallerConnection, CallRequest } from "../call/calls.js";
import { findResource } from "../call/resource-calls.js";
import type { App } from "./app.js";

interface Watch {
  subscribers: number;
  stop: Promise<() => void>;
}

/** What one connection watches: one watch a URI, however often it is subscribed, and none that nobody is subscribed to. */
export class WatchTable {
  readonly #watches = new Map<string, Watch>();

  constructor(
    private readonly app: App,
    private readonly connection: CallerConnection,
    private readonly changed: (uri: string) => void,
  ) {}

  /** Subscribes to a resource the caller may read. @throws ToolError */
  async subscribe(uri: string, request: CallRequest): Promise<void> {
    const existing = this.#watches.get(uri);
    if (existing) {
      existing.subscribers += 1;
      await existing.stop;
      return;
    }
    const watch: Watch = { subscribers: 1, stop: this.#start(uri, request) };
    this.#watches.set(uri, watch);
    await watch.stop.catch((error) => {
      this.#watches.delete(uri);
      throw error;
    });
  }

  unsubscribe(uri: string): void {
    const watch = this.#watches.get(uri);
    if (!watch) return;
    watch.subscribers -= 1;
    if (watch.subscribers === 0) this.#end(uri, watch);
  }

  clear(): void {
    for (const [uri, watch] of this.#watches) this.#end(uri, watch);
  }

  #start(uri: string, request: CallRequest): Promise<() => void> {
    const operation = { name: "resources/subscribe", effect: "read" as const, args: { uri } };
    return this.app.calls.run(operation, this.connection, request, async (context) => {
      const { resource, variables } = findResource(this.app.resources, uri);
      if (!resource.watch) throw new ToolError("UNSUPPORTED", `${uri} cannot be watched`);
      return resource.watch(variables, () => this.changed(uri), context);
    });
  }

  #end(uri: string, watch: Watch): void {
    this.#watches.delete(uri);
    watch.stop.then(
      (stop) => stop(),
      () => {}, // it never began
    );
  }
}
