import { ToolError } from "@mcp-reference/validation";
import { fromPostgres } from "../connection/sqlstate.js";
import { BatchedRows } from "./batched-rows.js";
import { ByteGuard } from "./byte-guard.js";
import { runQuery } from "./catalog-query.js";
import { runCommand } from "./command.js";
import type { Lease } from "./connection-source.js";
import { type Description, describeStatement } from "./describe-statement.js";
import type { Accept, RowSource } from "./row-source.js";
import { StreamedRows } from "./streamed-rows.js";

/** Largest message of the server in bytes; pg keeps one in memory twice. */
const MAX_MESSAGE = 32 * 1024 ** 2;
/** How long a server may take to stop what was interrupted before its connection is cut, in milliseconds. */
const STOP_MS = 1_000;

/** A leased connection that can be interrupted at any time, takes no value that is too large, and fails with ToolErrors. */
export class GuardedConnection {
  readonly #guard: ByteGuard;
  #watched: AbortSignal | undefined;
  #interrupting: Promise<void> | undefined;
  #rows: RowSource | undefined;
  #begun: Promise<void> | undefined;
  #answered = false;
  /** The statement described last is still the unnamed one of the connection. */
  #described = false;

  constructor(
    private readonly lease: Lease,
    private readonly kind: "server" | "embedded",
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

  /** Whether the server has answered at all: until then nothing has run, and another connection is as good. */
  get answered(): boolean {
    return this.#answered;
  }

  /** Begins a transaction. That it could not is said by what comes next, which does not wait for the answer. */
  begin(sql: string): void {
    this.#begun = this.#run(() => runCommand(this.lease.client, sql));
    this.#begun.then(
      () => {
        this.#answered = true;
      },
      () => {},
    );
  }

  /** Runs statements of ours that give nothing back. */
  send(sql: string): Promise<void> {
    return this.#run(() => runCommand(this.lease.client, sql));
  }

  /** Runs a query of ours; for the values see `Reader.rows`. */
  query<T extends object>(sql: string, params: readonly unknown[]): Promise<T[]> {
    return this.#run(() => runQuery<T>(this.lease.client, sql, params));
  }

  async describe(sql: string): Promise<Description> {
    const description = await this.#run(() => describeStatement(this.lease.client, sql));
    this.#described = true;
    return description;
  }

  /** Starts a statement that was described before. @param values text of each parameter */
  start(sql: string, values: readonly (string | null)[]): RowSource {
    this.#watched?.throwIfAborted();
    const execution = { text: this.#described ? undefined : sql, values };
    const Rows = this.kind === "server" ? StreamedRows : BatchedRows;
    this.#described = false;
    this.#rows = new Rows(this.lease.client, execution);
    return this.#rows;
  }

  /** Reads what {@link start} began. */
  read(rows: RowSource, accept: Accept): Promise<"more" | "end"> {
    return this.#typed(
      rows.read((row) => {
        this.#guard.mark();
        return accept(row);
      }),
    );
  }

  /** Ends what runs and gives the connection back as `clean` leaves it; one that may still be hit by a cancel is closed. */
  async end(clean: readonly string[]): Promise<void> {
    this.unwatch();
    if (this.#rows?.running || this.#guard.tripped) await this.#interrupt();
    await this.#interrupting;
    if (this.#interrupting) return this.abandon();
    await this.#rows?.drain();
    try {
      for (const statement of clean) await this.send(statement);
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
    await Promise.race([this.#rows?.drain(), after(STOP_MS)]);
  }

  async #run<T>(work: () => Promise<T>): Promise<T> {
    this.#watched?.throwIfAborted();
    this.#described = false;
    const [result] = await Promise.all([this.#typed(work()), this.#begun]);
    this.#guard.mark();
    return result;
  }

  async #typed<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      if (!this.#guard.tripped) throw fromPostgres(error);
      throw new ToolError("TOO_LARGE", `a row has more than ${MAX_MESSAGE} bytes`, {
        hint: "Select fewer or smaller columns, or a part: left(column, 1000), octet_length(column)",
      });
    }
  }
}

const after = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds).unref());
