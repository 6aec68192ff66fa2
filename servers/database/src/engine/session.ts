import type { CheckedStatement, Gate, WriteStatement } from "../sql/gate.js";
import type { LastStatements } from "../sql/remembering.js";
import type { Connections } from "./connections.js";
import type { Description } from "./describe-statement.js";
import { GuardedConnection } from "./guarded-connection.js";
import { toParameters } from "./parameters.js";
import type { Accept, RowSource } from "./row-source.js";
import { beginTransaction, CATALOG_ONLY, type TransactionSettings } from "./transaction.js";
import type { TypeNames } from "./type-names.js";
import type { Column, Reader, ReadSession } from "./types.js";

/** What the sessions of a database share. */
export interface SessionContext {
  connections: Connections;
  gate: Gate;
  typeNames: TypeNames;
  /** Types of the parameters of statements that gave nothing but types known by name. */
  parameterTypes: LastStatements<readonly number[]>;
  role: string | undefined;
  /** Rows must not be shown in what the server says about an error: there are columns nobody may see. */
  hidesDetails: boolean;
}

type Settings = Pick<TransactionSettings, "readOnly" | "statementTimeoutMs" | "idleTimeoutMs">;

/** A statement was run as it had been described before, but has other types by now: it is to be run from the beginning. */
export class TypesChanged extends Error {}

/** A statement that runs, as the last of its session. */
export interface Running {
  description: Description;
  columns: Column[];
  rows: RowSource;
}

/** First version that can look whether its client is still there. */
const WATCHING_VERSION = 140_000;

/** One transaction on one connection. Unless it was committed it is rolled back, and nothing of it stays behind. */
export class Session implements ReadSession {
  #searching: "user" | "catalog" = "user";
  #ending: Promise<void> | undefined;
  /** For the gate, which looks names up as the statement will. */
  readonly #lookup: Reader = { rows: (sql, params = []) => this.connection.query(sql, params) };

  private constructor(
    private readonly context: SessionContext,
    private readonly connection: GuardedConnection,
  ) {}

  /** @throws ToolError UNAVAILABLE */
  static async begin(context: SessionContext, signal: AbortSignal, settings: Settings): Promise<Session> {
    const { connections, role, hidesDetails } = context;
    const lease = await connections.acquire(signal);
    const connection = new GuardedConnection(lease, connections.kind, hidesDetails);
    const watchesClient = connections.kind === "server" && lease.serverVersion >= WATCHING_VERSION;
    connection.watch(signal);
    connection.begin(beginTransaction({ ...settings, role, watchesClient }));
    return new Session(context, connection);
  }

  /** Whether the server has answered at all. */
  get answered(): boolean {
    return this.connection.answered;
  }

  get serverVersion(): number {
    return this.connection.serverVersion;
  }

  /** Nothing may outlive the call that began it: see `Lease.throughPooler`. */
  get throughPooler(): boolean {
    return this.connection.throughPooler;
  }

  watch(signal: AbortSignal): void {
    this.connection.watch(signal);
  }

  unwatch(): void {
    this.connection.unwatch();
  }

  async rows<T extends object>(sql: string, params: readonly unknown[] = []): Promise<T[]> {
    await this.#search("catalog");
    return this.connection.query<T>(sql, params);
  }

  async check(sql: string): Promise<CheckedStatement> {
    await this.#search("user");
    return this.context.gate.check(sql, this.#lookup);
  }

  /** @throws ToolError for anything but one statement that changes something */
  async checkWrite(sql: string): Promise<WriteStatement> {
    await this.#search("user");
    return this.context.gate.checkWrite(sql, this.#lookup);
  }

  /** Prepares a checked statement, its names found on the user's search path. */
  async describe(sql: string): Promise<Description> {
    await this.#search("user");
    return this.connection.describe(sql);
  }

  async columns({ fields }: Description): Promise<Column[]> {
    const { typeNames } = this.context;
    const types = typeNames.known(fields) ?? (await typeNames.learn(fields, this.#lookup));
    return fields.map(({ name }, index) => ({ name, type: types[index] ?? "" }));
  }

  /** Starts a described statement. @throws ToolError when the parameters do not fit */
  execute(sql: string, { parameters }: Description, params: readonly unknown[]): RowSource {
    return this.connection.start(sql, toParameters(params, parameters));
  }

  /**
   * Starts a checked statement as the last of the session, which ends behind its rows. One that has come before is
   * described, run and ended in one packet; otherwise its types may have to be asked for before it runs.
   * @throws TypesChanged; ToolError when the parameters do not fit
   */
  async run(sql: string, params: readonly unknown[]): Promise<Running> {
    const { parameterTypes } = this.context;
    const types = this.context.connections.kind === "server" ? parameterTypes.get(sql) : undefined;
    if (types) return this.#runAgain(sql, params, types);
    const description = await this.describe(sql);
    const columns = await this.columns(description);
    const rows = this.execute(sql, description, params);
    this.connection.endAfterRows(this.#farewell());
    if (this.context.typeNames.known(description.fields)) parameterTypes.set(sql, description.parameters);
    return { description, columns, rows };
  }

  async #runAgain(sql: string, params: readonly unknown[], types: readonly number[]): Promise<Running> {
    const { parameterTypes, typeNames } = this.context;
    await this.#search("user");
    const { rows, description: described } = this.connection.startAtOnce(sql, toParameters(params, types));
    this.connection.endAfterRows(this.#farewell());
    const description = await described;
    const sameParameters = description.parameters.join() === types.join();
    if (!sameParameters || !typeNames.known(description.fields)) {
      parameterTypes.delete(sql);
      throw new TypesChanged();
    }
    return { description, columns: await this.columns(description), rows };
  }

  read(rows: RowSource, accept: Accept): Promise<"more" | "end"> {
    return this.connection.read(rows, accept);
  }

  /** Runs a command of ours inside the transaction. */
  send(sql: string): Promise<void> {
    return this.connection.send(sql);
  }

  /** @throws ToolError; UNKNOWN when nobody can tell whether the change was made */
  commit(): Promise<void> {
    return this.connection.commit();
  }

  /** Stops what still runs and gives the connection back as it came. Settles; never throws. */
  end(): Promise<void> {
    this.#ending ??= this.connection.end(this.#farewell());
    return this.#ending;
  }

  /** A message each: `DISCARD ALL` refuses to stand in one with others. */
  #farewell(): string[] {
    return ["ROLLBACK", ...(this.throughPooler ? [] : ["DISCARD ALL"])];
  }

  async #search(where: "user" | "catalog"): Promise<void> {
    if (this.#searching === where) return;
    await this.send(`SET LOCAL search_path TO ${where === "user" ? "DEFAULT" : CATALOG_ONLY}`);
    this.#searching = where;
  }
}
