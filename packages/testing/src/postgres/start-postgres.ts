import { readFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { atTestEnd } from "../at-test-end.js";
import { type PostgresVersion, requireBinaries } from "./binaries.js";
import { PASSWORD } from "./data-dir.js";
import { makeHome } from "./home.js";
import { type Launch, launch, type StopMode, stop } from "./server-process.js";

export interface PostgresOptions {
  /** Default: whichever can start, 18 first. */
  version?: PostgresVersion | undefined;
  /** As in postgresql.conf. Unless given: no fsync, little memory, 60 connections. */
  settings?: Record<string, string> | undefined;
  /** How clients prove who they are. Default `trust`: not at all. */
  auth?: "trust" | "scram" | undefined;
  /** PEM texts. Connections are then possible with TLS and without. */
  tls?: { cert: string; key: string } | undefined;
}

/** A PostgreSQL server of one's own, on 127.0.0.1. */
export interface TestPostgres extends AsyncDisposable {
  /** Of the superuser `postgres` in the database `postgres`; with the password where one is asked for. */
  readonly url: string;
  readonly port: number;
  /** Major version. */
  readonly version: number;
  readonly dataDir: string;
  /** The superuser's, asked for where `auth` is `scram`. */
  readonly password: string;
  /** @param user default `postgres`; the URL of another holds no password */
  urlFor(database: string, user?: string): string;
  /** Ends the server and removes its data. Default `fast`: sessions are ended first; `immediate` is like a crash. */
  stop(mode?: StopMode): Promise<void>;
  /** Ends the server and starts it again, with the same data and port. Default `fast`. */
  restart(mode?: StopMode): Promise<void>;
}

const SETTINGS = {
  listen_addresses: "127.0.0.1",
  max_connections: "60",
  shared_buffers: "16MB",
  max_wal_size: "1GB",
  fsync: "off", // what was committed is still there after a crash of the server, only not after one of the machine
  full_page_writes: "off",
};

/**
 * Starts a PostgreSQL server with an empty database `postgres`, in 0.2 to 0.5 s: one a test file, in `beforeAll`.
 * It ends with the running test, and with the process in any case, also when that is killed.
 * @throws when there is no such version on this machine, with what to install; when it does not start, with its log
 */
export async function startPostgres(options: PostgresOptions = {}): Promise<TestPostgres> {
  const { auth = "trust", settings, tls } = options;
  const home = await makeHome(requireBinaries(options.version), { auth, tls });
  const all = { ...SETTINGS, ...(tls && { ssl: "on" }), ...settings };
  const launchOn = (port: number): Launch => ({ ...home, port, settings: all });
  const { server, port } = await launchOnFreePort(launchOn).catch(async (error) => {
    await home.remove();
    throw error;
  });
  const version = Number.parseInt(await readFile(join(home.data, "PG_VERSION"), "utf8"), 10);
  const started = new Started(server, launchOn(port), home.remove, version, auth === "scram");
  atTestEnd(() => started.stop("immediate"));
  return started;
}

type Server = Awaited<ReturnType<typeof launch>>;

class Started implements TestPostgres {
  readonly password = PASSWORD;
  readonly url: string;
  #server: Server;

  constructor(
    server: Server,
    readonly launched: Launch,
    readonly remove: () => Promise<void>,
    readonly version: number,
    readonly asksPassword: boolean,
  ) {
    this.#server = server;
    this.url = this.urlFor("postgres");
  }

  get port(): number {
    return this.launched.port;
  }

  get dataDir(): string {
    return this.launched.data;
  }

  urlFor(database: string, user = "postgres"): string {
    const password = this.asksPassword && user === "postgres" ? `:${this.password}` : "";
    const [name, path] = [encodeURIComponent(user), encodeURIComponent(database)];
    return `postgres://${name}${password}@127.0.0.1:${this.port}/${path}`;
  }

  async stop(mode: StopMode = "fast"): Promise<void> {
    await stop(this.#server, mode);
    await this.remove();
  }

  async restart(mode: StopMode = "fast"): Promise<void> {
    await stop(this.#server, mode);
    this.#server = await launch(this.launched);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop("immediate");
  }
}

/** A port that was free may be taken when the server comes to it: other tests look for one too. */
async function launchOnFreePort(launchOn: (port: number) => Launch): Promise<{ server: Server; port: number }> {
  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    try {
      return { server: await launch(launchOn(port)), port };
    } catch (error) {
      if (attempt === 3 || !String(error).includes("Address already in use")) throw error;
    }
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}
