/** What a worker is started with. */
export interface WorkerTask {
  /** PostgreSQL's data directory. */
  directory: string;
  /** It does not exist yet. */
  fresh: boolean;
  demo: boolean;
  /** See `Flow`. */
  unread: SharedArrayBuffer;
}

export type WorkerRequest =
  /** Whole messages of the frontend. */
  | { kind: "input"; bytes: Uint8Array<ArrayBuffer> }
  /** Close the database in order, then end. */
  | { kind: "close" };

export type WorkerMessage =
  | { kind: "ready" }
  | { kind: "refused"; reason: "not installed" | "not opened"; message: string }
  | { kind: "output"; bytes: Uint8Array<ArrayBuffer> }
  /** An input has been answered, but for the last `output`. @param memory bytes that the database takes; it never gives any back */
  | { kind: "answered"; memory: number };
