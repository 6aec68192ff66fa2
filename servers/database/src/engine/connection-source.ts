import type { Client } from "pg";

/** Where connections come from: a PostgreSQL server, or the database embedded in a worker thread. */
export interface ConnectionSource {
  readonly kind: "server" | "embedded";
  /** host:port/database or the data directory, without user and password. */
  readonly address: string;
  /** Most connections at once. */
  readonly size: number;
  /**
   * A connection of one's own.
   * @throws ToolError UNAVAILABLE when none is free in time or the server cannot be reached
   */
  acquire(signal: AbortSignal): Promise<Lease>;
  /** Ends every connection at once. */
  close(): Promise<void>;
}

/** A connection in use by one transaction. */
export interface Lease {
  readonly client: Client;
  /** `server_version_num`, such as 150020. */
  readonly serverVersion: number;
  /** A pooler in transaction mode stands between: nothing may outlive a transaction. */
  readonly throughPooler: boolean;
  /** Ends what runs on the connection. A server's is usable afterwards; the embedded database is opened anew by the next `acquire`. */
  interrupt(): Promise<void>;
  /** Gives the connection back, or closes it. */
  release(use: "again" | "never"): void;
}
