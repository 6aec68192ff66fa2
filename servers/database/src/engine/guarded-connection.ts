import { ToolError } from "@mcp-reference/validation";
import { type FailureContext, fromPostgres } from "../connection/sqlstate.js";
import { BatchedRows } from "./batched-rows.js";
import { ByteGuard } from "./byte-guard.js";
import { runQuery } from "./catalog-query.js";
import { runCommand } from "./command.js";
import type { Lease } from "./connection-source.js";
import { deferred } from "./deferred.js";
import { type Description, describeStatement } from "./describe-statement.js";
import type { Accept, RowSource } from "./row-source.js";
import { StreamedRows } from "./streamed-rows.js";
import { connectionOf } from "./wire.js";

/** Largest message of the server in bytes; pg keeps one in memory twice. */
const MAX_MESSAGE = 16 * 1024 ** 2;
/** How long a server may take, in milliseconds, before its connection is cut: to stop what was interrupted, */
const STOP_MS = 1_000;
/** to roll back and reset, */
const CLEAN_MS = 5_000;
/** and to commit, which may wait for replicas. */
const COMMIT_MS = 30_000;

/** A leased connection that can be interrupted at any time, takes no value that is too large, and fails with ToolErrors. */
export class GuardedConnection {
  readonly #guard: ByteGuard;
  #watched: AbortSignal | undefined;
  #interrupting: Promise<void> | undefined;
  #rows: RowSource | undefined;
  /** Settles with the answer to what was said last. */
  #answer: Promise<unknown> = Promise.resolve();
  /** What begins the transaction, until it is said. */
  #beginning: readonly string[] | undefined;
  #begun: Promise<void> | undefined;
  #answered = false;
  /** The statement described last is still the unnamed one of the connection. */
  #described = false;
  /** Settles once what was to be said last has been answered; undefined until it is said. */
  #cleaned: Promise<unknown> | undefined;

  constructor(
    private readonly lease: Lease,
    private readonly kind: "server" | "embedded",
    private readonly hidesDetails = false,
  ) {
    this.#guard = new ByteGuard(lease.client, MAX_MESSAGE);
  }

  get serverVersion(): number {
    return this.lease.serverVersion;
  }

  get throughPooler(): boolean {
    return this.lease.throughPooler;
  }

  /** Interrupts what runs as soon as `signal` aborts, and lets nothing begin after; replaces the signal watched before. */
  watch(signal: AbortSignal): void {
    this.unwatch();
    this.#watched = signal;
    signal.addEventListener("abort", this.#interrupt, { once: true });
    if (signal.aborted) void this.#interrupt();
  }

  unwatch(): void {
    this.#watched?.removeEventListener("abort", this.#interrupt);
    this.#watched = undefined;
  }

  /** Whether the server has answered at all: until then at most a query has run, and another connection is as good. */
  get answered(): boolean {
    return this.#answered;
  }

  /** Begins a transaction together with what comes next, which fails when it could not. */
  begin(statements: readonly string[]): void {
    this.#beginning = statements;
  }

  /** Runs statements of ours that give nothing back. */
  send(sql: string): Promise<void> {
    return this.#run(() => runCommand(this.lease.client, sql));
  }

  /** Commits, whoever calls it off from here on. @throws ToolError; UNKNOWN when nobody can tell whether it was done */
  async commit(): Promise<void> {
    this.#watched?.throwIfAborted(); // the caller was told that nothing happened
    this.unwatch();
    try {
      await this.#cutAfter(COMMIT_MS, this.send("COMMIT"));
    } catch (error) {
      if (!isLost(error)) throw error;
      throw new ToolError("UNKNOWN", "the connection was lost while the change was committed", {
        hint: "Look whether it is there before doing anything again",
        cause: error,
      });
    }
  }

  /** Runs a query of ours; for the values see `Reader.rows`. */
  query<T extends object>(sql: string, params: readonly unknown[]): Promise<T[]> {
    return this.#run(() => runQuery<T>(this.lease.client, sql, params));
  }

  /** @throws ToolError that names the line and column of `sql` */
  async describe(sql: string): Promise<Description> {
    const description = await this.#run(() => describeStatement(this.lease.client, sql), { sql });
    this.#described = true;
    return description;
  }

  /** Starts a statement that was described before. @param values text of each parameter */
  start(sql: string, values: readonly (string | null)[]): RowSource {
    this.#watched?.throwIfAborted();
    const execution = { text: this.#described ? undefined : sql, values };
    const Rows = this.kind === "server" ? StreamedRows : BatchedRows;
    this.#described = false;
    this.#rows = new Rows(this.lease.client, execution, () => this.#guard.mark());
    return this.#rows;
  }

  /**
   * Starts a statement that was not described, and describes it on the way: everything in one packet. What begins the
   * transaction comes before the statement in the same exchange, so that the server skips the statement when that fails.
   */
  startAtOnce(sql: string, values: readonly (string | null)[]): { rows: RowSource; description: Promise<Description> } {
    this.#watched?.throwIfAborted();
    const { client } = this.lease;
    const before = this.#beginning;
    this.#beginning = undefined;
    this.#described = false;
    const { promise, ...settle } = deferred<Description>();
    const describing = { ...settle, answered: this.#noteAnswer };
    const rows = new StreamedRows(client, { before, text: sql, values, describing }, () => this.#guard.mark());
    this.#rows = rows;
    return { rows, description: this.#typed(promise, { sql }) };
  }

  /**
   * Says what {@link end} is to say already now, in the packet of the statement that was just started: the server comes to it
   * when it has handed over every row, however late that is. Nothing else can be run after.
   */
  endAfterRows(clean: readonly string[]): void {
    if (this.kind === "embedded") return; // there, rows are asked for batch by batch
    this.#cleaned = this.#say(clean);
    this.#cleaned.catch(() => {}); // `end` will see
  }

  /** Reads what {@link start} began. @throws the signal's reason, also when the statement ended before it was stopped */
  async read(rows: RowSource, accept: Accept): Promise<"more" | "end"> {
    const state = await this.#typed(rows.read(accept));
    this.#watched?.throwIfAborted(); // an interrupt throws the rest away, and the end that comes then is not the result's
    return state;
  }

  /** Ends what runs and gives the connection back as `clean` leaves it; one that may still be hit by a cancel is closed. */
  async end(clean: readonly string[]): Promise<void> {
    this.unwatch();
    if (this.#rows?.running || this.#guard.tripped) await this.#interrupt();
    await this.#interrupting;
    if (this.#interrupting) return this.abandon();
    await this.#rows?.drain();
    try {
      // A connection on which nothing was said is as it came.
      if (!this.#beginning) await this.#cutAfter(CLEAN_MS, this.#cleaned ?? this.#say(clean));
    } catch {
      return this.abandon();
    }
    this.#guard.stop();
    this.lease.release("again");
  }

  /** Closes the connection as it is. */
  abandon(): void {
    this.unwatch();
    this.#guard.stop();
    this.lease.release("never");
  }

  readonly #interrupt = (): Promise<void> => {
    this.#interrupting ??= this.#stop();
    return this.#interrupting;
  };

  async #stop(): Promise<void> {
    await this.lease.interrupt();
    await this.#cutAfter(STOP_MS, Promise.allSettled([this.#answer, this.#rows?.drain()]));
  }

  /** Cuts the connection when an answer takes too long: nobody is to wait for ever for a server that has fallen silent. */
  async #cutAfter<T>(milliseconds: number, answer: Promise<T>): Promise<T> {
    const timer = setTimeout(() => connectionOf(this.lease.client).stream.destroy(), milliseconds).unref();
    try {
      return await answer;
    } finally {
      clearTimeout(timer);
    }
  }

  #sayBeginning(): void {
    if (!this.#beginning) return;
    const sql = this.#beginning.join("; ");
    this.#beginning = undefined;
    this.#begun = this.#run(() => runCommand(this.lease.client, sql));
    this.#begun.then(this.#noteAnswer, () => {});
  }

  readonly #noteAnswer = (): void => {
    this.#answered = true;
  };

  #say(statements: readonly string[]): Promise<unknown> {
    return Promise.all(statements.map((statement) => this.send(statement)));
  }

  async #run<T>(work: () => Promise<T>, context?: FailureContext): Promise<T> {
    if (this.#cleaned) throw new Error("the session has ended");
    this.#watched?.throwIfAborted();
    this.#sayBeginning();
    this.#described = false;
    const working = this.#typed(work(), context);
    this.#answer = working;
    working.catch(() => {}); // when the transaction did not begin, that is what went wrong
    await this.#begun;
    const result = await working;
    this.#guard.mark();
    return result;
  }

  async #typed<T>(work: Promise<T>, context?: FailureContext): Promise<T> {
    try {
      return await work;
    } catch (error) {
      if (!this.#guard.tripped) throw fromPostgres(this.hidesDetails ? withoutDetail(error) : error, context);
      throw new ToolError("TOO_LARGE", `a row has more than ${MAX_MESSAGE} bytes`, {
        hint: "Select fewer or smaller columns, or a part: left(column, 1000), octet_length(column)",
      });
    }
  }
}

/** The detail of a violated constraint shows the row. */
function withoutDetail(error: unknown): unknown {
  if (error instanceof Error && "detail" in error) delete error.detail;
  return error;
}

/** Whether the connection is gone, or never was. */
export const isLost = (error: unknown) => error instanceof ToolError && error.code === "UNAVAILABLE";
