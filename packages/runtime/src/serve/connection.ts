import type { ClientCapabilities, McpRequestContext, McpServer } from "@modelcontextprotocol/server";
import { ConfigError } from "../config/config-error.js";
import type { Caller } from "../define/context.js";
import type { OpenServices } from "../define/server.js";
import type { App } from "./app.js";
import { WatchTable } from "./watch-table.js";

const ROOTS_TIMEOUT_MS = 10_000;

/**
 * One client's connection: who it is, what it shares, what it watches. Server instances come and go under it
 * (a probe of the protocol era has one of its own); the connection stays.
 */
export class Connection {
  readonly watches: WatchTable;
  #instance: McpServer | undefined;
  /** A 2025-era client can be asked for its roots; a 2026 one would need a round trip a call. */
  #era: McpRequestContext["era"] = "modern";
  #askedForRoots = false;
  #caller: Promise<Caller>;
  #services: Promise<OpenServices> | undefined;

  constructor(
    private readonly app: App,
    /** Who calls, without the roots: these have to be asked for. */
    readonly principal: Caller,
    private readonly refused: (error: ConfigError) => void,
  ) {
    this.#caller = Promise.resolve(principal);
    this.watches = new WatchTable(app, this, (uri) => {
      // A client that is gone is noticed by the transport, not here.
      this.#instance?.server.sendResourceUpdated({ uri }).catch(() => {});
    });
  }

  /** Takes over a fresh server instance. */
  attach(instance: McpServer, era: McpRequestContext["era"]): void {
    this.#instance = instance;
    this.#era = era;
    instance.server.onclose = () => {
      if (this.#instance === instance) this.close();
    };
    instance.server.oninitialized = () => {
      this.services().catch(() => {}); // a refused caller learns it by its first call
    };
    instance.server.setNotificationHandler("notifications/roots/list_changed", () => this.#refreshRoots(instance));
  }

  /** Who calls, with the roots it shares: a client that has roots is asked for them before its first call runs. */
  caller(): Promise<Caller> {
    const instance = this.#instance;
    if (!this.#askedForRoots && this.#era === "legacy" && instance && this.capabilities()?.roots) {
      this.#refreshRoots(instance);
    }
    return this.#caller;
  }

  /** What this caller may use; made anew when its roots change. */
  services(): Promise<OpenServices> {
    const caller = this.caller();
    this.#services ??= this.#open(caller);
    return this.#services;
  }

  #open(caller: Promise<Caller>): Promise<OpenServices> {
    const services = caller.then((known) => this.app.forCaller(known));
    services.catch((error) => {
      if (this.#services === services) this.#services = undefined; // the next call tries again
      if (error instanceof ConfigError) this.refused(error);
    });
    return services;
  }

  capabilities(): ClientCapabilities | undefined {
    return this.#instance?.server.getClientCapabilities();
  }

  close(): void {
    this.watches.clear();
  }

  #refreshRoots({ server }: McpServer): void {
    this.#askedForRoots = true;
    this.#caller = server.listRoots({}, { timeout: ROOTS_TIMEOUT_MS }).then(
      ({ roots }) => ({ ...this.principal, roots: roots.map(({ uri }) => uri) }),
      (error) => {
        // A client that says it has roots and names none shares nothing.
        this.app.log.warn({ err: error }, "the client did not name its roots; none are allowed");
        return { ...this.principal, roots: [] };
      },
    );
    this.#services = undefined;
    this.watches.renew();
  }
}
