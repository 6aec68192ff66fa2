import type { Logger } from "@mcp-reference/runtime";
import { ToolError } from "@mcp-reference/validation";
import { Client } from "pg";
import { EmbeddedThread } from "./embedded-thread.js";
import { WireStream } from "./wire-stream.js";

/** How long opening may take, in milliseconds: a new database takes some 4 s, recovery after a crash little more than 1 s. */
const OPEN_MS = 120_000;
/** WASM memory only grows: past this many bytes a session is ended when nobody uses it. */
const MAX_MEMORY = 512 * 1024 ** 2;

export interface SessionOptions {
  /** File of the worker. */
  entry: string;
  directory: string;
  fresh: boolean;
  demo: boolean;
  log: Logger;
  /** Gives up opening. */
  signal: AbortSignal;
}

/** The one session that PGlite has, as a client of pg that talks to a worker thread. */
export class EmbeddedSession {
  private constructor(
    readonly client: Client,
    readonly serverVersion: number,
    private readonly thread: EmbeddedThread,
    private readonly stream: WireStream,
  ) {}

  /** @throws ToolError UNAVAILABLE, UPSTREAM */
  static async open({ entry, directory, fresh, demo, log, signal }: SessionOptions): Promise<EmbeddedSession> {
    const stream = new WireStream((messages) => thread.send(messages));
    const thread = new EmbeddedThread(
      entry,
      { directory, fresh, demo },
      {
        output: (bytes, read) => stream.receive(bytes, read),
        ended: (why) => stream.destroy(why),
      },
    );
    stream.on("error", () => {}); // pg listens only once it connects
    // A closed connection ends its backend, here as with a server.
    stream.once("close", () => void thread.stop());
    const client = new Client(settings(stream));
    client.on("error", (err) => log.debug({ err }, "the embedded database has ended")); // it may while nobody asks it anything
    const giveUp = () => void thread.stop();
    const timer = setTimeout(() => void thread.stop(tooSlow()), OPEN_MS);
    signal.addEventListener("abort", giveUp, { once: true });
    try {
      await thread.ready;
      await client.connect();
      const { rows } = await client.query<{ version: string }>(
        "SELECT pg_catalog.current_setting('server_version_num') AS version",
      );
      thread.hold(false);
      return new EmbeddedSession(client, Number(rows[0]?.version), thread, stream);
    } catch (error) {
      await thread.stop();
      throw error instanceof ToolError
        ? error
        : new ToolError("UPSTREAM", "the embedded database does not answer", { cause: error });
    } finally {
      clearTimeout(timer);
      signal.removeEventListener("abort", giveUp);
    }
  }

  /** Nothing can be asked of it any more. */
  get over(): boolean {
    return this.thread.ending || this.stream.destroyed;
  }

  get bloated(): boolean {
    return this.thread.memory > MAX_MEMORY;
  }

  /** Whether it keeps the process alive. */
  hold(process: boolean): void {
    this.thread.hold(process);
  }

  /** Ends it, whatever it does; what waits for an answer fails with UNAVAILABLE. */
  async stop(): Promise<void> {
    await this.thread.stop();
  }

  /** Ends it in order, unless it is busy. */
  async close(): Promise<void> {
    await this.thread.close();
  }
}

const tooSlow = () =>
  new ToolError("UNAVAILABLE", `the embedded database did not open within ${OPEN_MS / 1000} s`, { hint: "Try again" });

/** All of pg's, so that none comes from the environment. */
function settings(stream: WireStream) {
  return {
    stream: () => stream,
    host: "embedded",
    port: 5432,
    user: "postgres",
    database: "postgres",
    password: "unused",
    ssl: false,
  };
}
