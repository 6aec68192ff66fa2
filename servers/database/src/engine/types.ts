/** A value as PostgreSQL prints it; null for NULL. */
export type Cell = string | null;
export type Row = readonly Cell[];

export interface Column {
  name: string;
  /** As `format_type` writes it: `numeric(10,2)`, `timestamp with time zone`, `text[]`. */
  type: string;
}

/** Runs queries of our own. Parameters travel apart from the text; names are safe because only pg_catalog is searched. */
export interface Reader {
  /**
   * Rows as objects. bool, int2, int4, int8, oid, float and numeric become numbers and booleans, json and jsonb what they
   * hold, text[] and name[] arrays; everything else is text as PostgreSQL prints it.
   * @param params text, numbers, booleans, null, or arrays of them for `= ANY ($1::text[])`
   */
  rows<T extends object>(sql: string, params?: readonly unknown[]): Promise<T[]>;
}

/** A read-only transaction that cannot be made to write, on one connection. Ends with ROLLBACK and a clean session. */
export interface ReadSession extends Reader {
  /** `server_version_num`, such as 150020. */
  readonly serverVersion: number;
  /**
   * The guard for SQL that came from outside.
   */
  check(sql: string): Promise<void>;
  /** Runs EXPLAIN on checked SQL and gives PostgreSQL's JSON. @param options such as `ANALYZE, BUFFERS` */
  explain(sql: string, params: readonly unknown[], options?: string): Promise<unknown>;
}

/** What a statement gave so far. */
export interface Page {
  columns: Column[];
  rows: Row[];
  /** Position to go on from: the name of a held portal. Undefined when this was all. */
  next?: string | undefined;
  /** More rows exist than are here. */
  truncated: boolean;
  /** Milliseconds that the server took. */
  elapsed: number;
}

export interface QueryOptions {
  params?: readonly unknown[] | undefined;
  /** Rows. */
  limit: number;
  /** Bytes of all values. */
  maxBytes: number;
  timeoutMs: number;
  signal: AbortSignal;
  /** The caller that may go on with the result. */
  owner: string;
}

export interface DatabaseInfo {
  name: string;
  description?: string | undefined;
  kind: "server" | "embedded";
  /** host:port/database, without user and password. */
  address: string;
}

export interface Database {
  readonly info: DatabaseInfo;
  /** Runs `work` in a {@link ReadSession}. */
  read<T>(work: (session: ReadSession) => Promise<T>, options: { signal: AbortSignal }): Promise<T>;
  /** Runs one checked statement and gives its first page; the rest waits in a held portal. */
  query(sql: string, options: QueryOptions): Promise<Page>;
  next(portal: string, options: QueryOptions): Promise<Page>;
  /** Streams every row of one checked statement; the consumer's slowness is the server's. */
  stream(
    sql: string,
    options: Omit<QueryOptions, "limit" | "owner">,
    each: { columns(columns: Column[]): void; rows(rows: Row[]): Promise<void> },
  ): Promise<{ rows: number }>;
  close(): Promise<void>;
}

/** Every configured database. */
export interface Databases {
  readonly all: readonly Database[];
  get(name?: string): Database;
}

