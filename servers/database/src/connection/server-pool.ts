import { setTimeout as after } from "node:timers/promises";
import type { Logger } from "@mcp-reference/runtime";
import { ToolError } from "@mcp-reference/validation";
import { Client, type ClientConfig, Pool, type PoolClient } from "pg";
import type { Lease } from "../engine/connection-source.js";
import { shuttingDown } from "../engine/shutting-down.js";
import { sendCancel } from "./cancel.js";
import { connectError, PasswordMissing, serverOf } from "./connect-errors.js";
import type { ConnectionSettings } from "./settings.js";

/** Idle connections are closed after this long: a server counts them. */
const IDLE_MS = 60_000;
/** Longest wait for cancels at the end; the process has half a second in all. */
const FAREWELL_MS = 100;

export interface PoolOptions {
  /** Longest wait for a connection when all are busy. */
  poolWaitMs: number;
  log: Logger;
}

interface Backend {
  serverVersion: number;
  throughPooler: boolean;
}

/** The connections to one server. Loaded, with pg, when the first is wanted. */
export class ServerPool {
  readonly #pool: Pool;
  /** Every client, also those that are still connecting: pg's pool does not tell. */
  readonly #clients = new Set<Client>();
  readonly #busy = new Set<Client>();
  readonly #waiting = new Set<(why: unknown) => void>();
  /** Requests under way; they never fail. */
  readonly #cancels = new Set<Promise<void>>();
  readonly #backends = new WeakMap<Client, Backend>();
  #warned = false;

  constructor(
    private readonly settings: ConnectionSettings,
    private readonly options: PoolOptions,
  ) {
    const clients = this.#clients;
    class TrackedClient extends Client {
      constructor() {
        super(clientConfig(settings));
        clients.add(this);
        this.once("end", () => clients.delete(this));
        // A connection may die while nothing listens: between two queries of a transaction, or on its way out.
        this.on("error", () => {});
      }
    }
    this.#pool = new Pool({
      Client: TrackedClient,
      max: settings.poolSize,
      idleTimeoutMillis: IDLE_MS,
      allowExitOnIdle: true,
    });
    this.#pool.on("error", (err) =>
      options.log.debug({ err, database: settings.name }, "an idle connection was closed"),
    );
  }

  /** @throws ToolError UNAVAILABLE, PERMISSION_DENIED or NOT_FOUND, as the server says; the signal's reason when it aborts */
  async acquire(signal: AbortSignal): Promise<Lease> {
    signal.throwIfAborted();
    this.#warnOfUnverified();
    const client = await this.#connect(signal);
    return this.#lease(client, this.#backends.get(client) ?? (await this.#meet(client, signal)));
  }

  /** Ends what runs, then every connection; a server that does not listen is not waited for. */
  async close(): Promise<void> {
    void this.#pool.end();
    for (const giveUp of this.#waiting) giveUp(shuttingDown());
    for (const client of this.#busy) void this.#cancel(client);
    await Promise.race([Promise.all(this.#cancels), after(FAREWELL_MS, undefined, { ref: false })]);
    for (const { connection } of this.#clients) connection.stream.destroy();
  }

  #connect(signal: AbortSignal): Promise<PoolClient> {
    const { idleCount, waitingCount, totalCount } = this.#pool;
    const full = totalCount >= this.settings.poolSize && idleCount <= waitingCount;
    return new Promise((resolve, reject) => {
      const settle = (finish: () => void) => {
        this.#waiting.delete(giveUp);
        clearTimeout(timer);
        signal.removeEventListener("abort", abort);
        finish();
      };
      const giveUp = (why: unknown) => settle(() => reject(why));
      const abort = () => giveUp(signal.reason);
      const timer = full ? setTimeout(() => giveUp(this.#allBusy()), this.options.poolWaitMs) : undefined;
      this.#waiting.add(giveUp);
      signal.addEventListener("abort", abort, { once: true });
      this.#pool.connect((error, client) => {
        // One that comes too late waits for the next call.
        if (!this.#waiting.has(giveUp)) client?.release();
        else if (client) settle(() => resolve(client));
        else giveUp(connectError(error, this.settings));
      });
    });
  }

  /** What a new connection leads to. A pooler hands out keys of its own: they differ from the backend's. */
  async #meet(client: PoolClient, signal: AbortSignal): Promise<Backend> {
    const abort = () => client.connection.stream.destroy();
    signal.addEventListener("abort", abort, { once: true });
    try {
      const { rows } = await client.query<{ pid: number; version: number }>(
        "SELECT pg_catalog.pg_backend_pid() AS pid, pg_catalog.current_setting('server_version_num')::pg_catalog.int4 AS version",
      );
      const [{ pid, version } = { pid: 0, version: 0 }] = rows;
      const backend = {
        serverVersion: version,
        throughPooler: this.settings.throughPooler || pid !== client.processID,
      };
      this.#backends.set(client, backend);
      return backend;
    } catch (error) {
      client.release(true);
      throw signal.aborted ? signal.reason : connectError(error, this.settings);
    } finally {
      signal.removeEventListener("abort", abort);
    }
  }

  #lease(client: PoolClient, backend: Backend): Lease {
    let ended = false;
    this.#busy.add(client);
    return {
      client,
      ...backend,
      interrupt: () => this.#cancel(client),
      release: (use) => {
        if (ended) return;
        ended = true;
        this.#busy.delete(client);
        if (use === "never") this.#abandon(client);
        client.release(use === "never");
      },
    };
  }

  /** Destroyed at once: a farewell would wait. A server that is busy would not notice, so it is told to stop. */
  #abandon(client: Client): void {
    void this.#cancel(client);
    client.connection.stream.destroy();
  }

  async #cancel(client: Client): Promise<void> {
    const request = sendCancel(client, this.settings);
    this.#cancels.add(request);
    await request;
    this.#cancels.delete(request);
  }

  #allBusy(): ToolError {
    const { name, poolSize } = this.settings;
    const all = poolSize === 1 ? "the one connection" : `all ${poolSize} connections`;
    return new ToolError("UNAVAILABLE", `${all} to ${name} ${poolSize === 1 ? "is" : "are"} busy`, {
      hint: "Try again when another query has ended, or raise --pool-size",
      retryAfterMs: this.options.poolWaitMs,
    });
  }

  #warnOfUnverified(): void {
    const { ssl, name } = this.settings;
    if (this.#warned || !ssl || ssl.rejectUnauthorized !== false) return;
    this.#warned = true;
    const where = `${name} (${serverOf(this.settings)})`;
    this.options.log.warn(
      `sslmode=require: ${where} is encrypted, but nobody checks that it is the right server; verify-full does`,
    );
  }
}

function clientConfig(settings: ConnectionSettings): ClientConfig {
  const { host, port, user, database, password, ssl, sslNegotiation, bindsChannel, options, applicationName } =
    settings;
  return {
    host,
    port,
    user,
    database,
    ssl,
    sslnegotiation: sslNegotiation,
    enableChannelBinding: bindsChannel && ssl !== false,
    ...(options !== undefined && { options }),
    application_name: applicationName,
    connectionTimeoutMillis: settings.connectTimeoutMs,
    keepAlive: true,
    // A function is asked only when the server wants a password; without one pg would look for others itself.
    password: () => {
      if (password === undefined) throw new PasswordMissing("no password is set");
      return password;
    },
  };
}
