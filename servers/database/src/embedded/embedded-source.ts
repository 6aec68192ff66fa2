import { join } from "node:path";
import { type Logger, userDataDir } from "@mcp-reference/runtime";
import type { ConnectionSource, Lease } from "../engine/connection-source.js";
import { shuttingDown } from "../engine/shutting-down.js";
import type { EmbeddedDatabase } from "./embedded-database.js";
import type { EmbeddedSession } from "./embedded-session.js";
import { Turns } from "./turns.js";

export interface EmbeddedOptions {
  /** By default in the user's data directory. */
  dataDir: string | undefined;
  /** Fill the database when it is empty. */
  demo: boolean;
  /** Longest wait for another call that uses the database, in milliseconds. */
  waitMs: number;
  log: Logger;
  /** File of the worker; the one that was built with the server by default. */
  worker?: string | undefined;
}

/**
 * PGlite in a worker thread, as the one connection of a server. Nothing is opened, created or loaded before it is first acquired.
 */
export function embeddedSource(options: EmbeddedOptions): ConnectionSource {
  return new EmbeddedSource(options);
}

class EmbeddedSource implements ConnectionSource {
  readonly kind = "embedded";
  readonly size = 1;
  readonly address: string;
  readonly #turns: Turns;
  readonly #closing = new AbortController();
  #database: Promise<EmbeddedDatabase> | undefined;

  constructor(private readonly options: EmbeddedOptions) {
    this.address = options.dataDir ?? join(userDataDir(), "mcp-server-database");
    this.#turns = new Turns(options.waitMs);
  }

  async acquire(signal: AbortSignal): Promise<Lease> {
    // Opening takes seconds; they don't count as waiting for one another.
    await this.#session(signal);
    await this.#turns.take(signal);
    try {
      return this.#lease(await this.#session(signal)); // the last to have it may have ended it
    } catch (error) {
      this.#turns.pass();
      throw error;
    }
  }

  async close(): Promise<void> {
    this.#closing.abort(shuttingDown());
    this.#turns.close(shuttingDown());
    const database = await this.#database?.catch(() => undefined);
    await database?.close();
  }

  async #session(signal: AbortSignal): Promise<EmbeddedSession> {
    const signals = [signal, this.#closing.signal];
    for (const one of signals) one.throwIfAborted();
    // Opening goes on when a caller gives up: the next one will want it.
    return before(signals, this.#open());
  }

  async #open(): Promise<EmbeddedSession> {
    const { options, address: dataDir } = this;
    this.#database ??= import("./embedded-database.js").then(({ EmbeddedDatabase }) => {
      return new EmbeddedDatabase({ ...options, dataDir, signal: this.#closing.signal });
    });
    return (await this.#database).session();
  }

  #lease(session: EmbeddedSession): Lease {
    let released = false;
    session.hold(true);
    return {
      client: session.client,
      serverVersion: session.serverVersion,
      throughPooler: false,
      interrupt: async () => {
        if (!released) await session.stop();
      },
      release: (use) => {
        if (released) return;
        released = true;
        session.hold(false);
        // The database is opened anew when it has been left, not before.
        if (use === "never" || session.over) void session.stop().then(() => this.#turns.pass());
        else if (session.bloated) void session.close().then(() => this.#turns.pass());
        else this.#turns.pass();
      },
    };
  }
}

/** @throws the reason of the signal that aborts first, if one does */
function before<T>(signals: readonly AbortSignal[], work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = ({ target }: Event) => reject((target as AbortSignal).reason);
    for (const signal of signals) signal.addEventListener("abort", abort, { once: true });
    work.then(resolve, reject).finally(() => {
      for (const signal of signals) signal.removeEventListener("abort", abort);
    });
  });
}
