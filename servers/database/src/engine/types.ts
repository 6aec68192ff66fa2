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
  /** The guard for SQL that came from outside. @throws ToolError for anything but one statement that only reads */
  check(sql: string): Promise<unknown>;
}

/** What a statement gave so far. */
export interface Page {
  columns: Column[];
  /** Empty where {@link PageOptions.keep} took them. */
  rows: Row[];
  /** Name to go on with, once and within a minute. Undefined when this was all, or when nothing can be held. */
  next: string | undefined;
  /** More rows exist than are here. */
  truncated: boolean;
  /** Milliseconds from starting the statement to the end of the page. */
  elapsed: number;
}

/** How much of a result to read. */
export interface PageOptions {
  /** Rows. */
  limit: number;
  /** Bytes of all rows. */
  maxBytes: number;
  /** What a row takes of `maxBytes`; its values unless the caller knows better. */
  rowBytes?: ((row: Row) => number) | undefined;
  /** Takes each row of the page, just after it was weighed. */
  keep?: ((row: Row) => void) | undefined;
}

export interface RunOptions {
  /** JSON values of `$1`, `$2`, … */
  params?: readonly unknown[] | undefined;
  /** Milliseconds; otherwise only `signal` ends it. */
  timeoutMs?: number | undefined;
  signal: AbortSignal;
}

export interface QueryOptions extends PageOptions, RunOptions {
  /** The caller, who alone may go on with the result. Without one the rest is thrown away. */
  owner?: string | undefined;
}

export type NextOptions = Omit<QueryOptions, "params" | "owner"> & { owner: string };

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
  /** Runs one checked statement and gives its first page; the rest waits for {@link next}. */
  query(sql: string, options: QueryOptions): Promise<Page>;
  /** The next page of a result. @param name `next` of the page before. @throws ToolError CONFLICT when it is gone */
  next(name: string, options: NextOptions): Promise<Page>;
  /** Hands on every row of one checked statement, as fast as `each` takes them. */
  stream(sql: string, options: RunOptions, each: RowConsumer): Promise<void>;
  /** Runs a statement that changes something, and rolls it back. */
  preview(sql: string, options: ChangeOptions): Promise<Preview>;
  /** Runs it again and commits. @throws ToolError CONFLICT when it does not change `expected` rows */
  commit(sql: string, options: ChangeOptions & { expected: number | undefined }): Promise<Change>;
  /** Ends every connection at once. */
  close(): Promise<void>;
}

export interface ChangeOptions extends RunOptions {
  /** Rows a statement may change. */
  maxAffected: number;
}

/** What a statement changed. */
export interface Change {
  /** Rows; undefined where PostgreSQL counts none, as for DDL. */
  affected: number | undefined;
  columns: Column[];
  /** Some of what it returned. */
  rows: Row[];
}

/** A change that was rolled back. */
export interface Preview extends Change {
  kind: "insert" | "update" | "delete" | "merge" | "ddl";
  /** What it keeps others from, while it runs. */
  locks: HeldLock[];
}

export interface HeldLock {
  /** Qualified name. */
  relation: string;
  /** `AccessExclusive`, `Share`, … */
  mode: string;
}

/** Takes a result in pieces. */
export interface RowConsumer {
  columns(columns: readonly Column[]): void;
  /** @returns once more rows are wanted */
  rows(rows: readonly Row[]): Promise<void>;
}

/** Every configured database. */
export interface Databases {
  readonly all: readonly Database[];
  get(name?: string): Database;
}
