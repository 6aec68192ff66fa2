import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Logger } from "@mcp-reference/runtime";
import { errnoOf } from "@mcp-reference/security";
import { ToolError } from "@mcp-reference/validation";
import { type DirectoryLock, lockDirectory } from "./directory-lock.js";
import { EmbeddedSession } from "./embedded-session.js";

export interface EmbeddedDatabaseOptions {
  dataDir: string;
  demo: boolean;
  log: Logger;
  worker?: string | undefined;
  /** Aborted when the database is to be closed. */
  signal: AbortSignal;
}

/** The files, and the session that has them open. Both are had by one process at a time. */
export class EmbeddedDatabase {
  #lock: DirectoryLock | undefined;
  #opening: Promise<EmbeddedSession> | undefined;

  constructor(private readonly options: EmbeddedDatabaseOptions) {}

  /**
   * The session, opened if there is none.
   * @throws ToolError UNAVAILABLE when another process has the files, or they cannot be opened; UPSTREAM when PGlite crashes
   */
  async session(): Promise<EmbeddedSession> {
    const opening = this.#opening;
    const current = await opening;
    if (current?.over) {
      await current.stop();
      if (this.#opening === opening) this.#opening = undefined;
    }
    return this.#opening ?? this.#start();
  }

  async close(): Promise<void> {
    const session = await this.#opening?.catch(() => undefined);
    await session?.close();
    this.#lock?.release();
  }

  #start(): Promise<EmbeddedSession> {
    const opening = this.#open();
    this.#opening = opening;
    opening.catch(() => {
      this.#opening = undefined; // the next call may have more luck
    });
    return opening;
  }

  async #open(): Promise<EmbeddedSession> {
    const { dataDir, demo, log, signal, worker = builtWorker() } = this.options;
    signal.throwIfAborted(); // nobody would close it any more
    try {
      this.#lock ??= this.#prepare();
      const directory = join(dataDir, "pg18"); // the next version cannot read the files of this one
      const unfinished = `${directory}.unfinished`;
      // A process that was killed while it made them leaves files that cannot be opened: they are made anew.
      if (existsSync(unfinished)) rmSync(directory, { recursive: true, force: true });
      const fresh = !existsSync(directory);
      if (fresh) {
        writeFileSync(unfinished, "");
        mkdirSync(directory, { mode: 0o700 });
      }
      const session = await EmbeddedSession.open({ entry: worker, directory, fresh, demo, log, signal });
      rmSync(unfinished, { force: true });
      return session;
    } catch (error) {
      throw error instanceof ToolError ? error : unusable(dataDir, error);
    }
  }

  #prepare(): DirectoryLock {
    const { dataDir } = this.options;
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    return lockDirectory(dataDir);
  }
}

const builtWorker = () => createRequire(import.meta.url).resolve("#embedded-worker");

const unusable = (dataDir: string, cause: unknown) =>
  new ToolError("UNAVAILABLE", `the data directory ${dataDir} cannot be used (${errnoOf(cause) ?? String(cause)})`, {
    hint: "Name another with --data-dir",
    cause,
  });
