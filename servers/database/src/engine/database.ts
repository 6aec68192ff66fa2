import type { Gate } from "../sql/gate.js";
import { LastStatements } from "../sql/remembering.js";
import type { ConnectionSource } from "./connection-source.js";
import { Connections } from "./connections.js";
import { within } from "./deadline.js";
import { isLost } from "./guarded-connection.js";
import { HeldResults, HOLD_MS } from "./held-results.js";
import { Result, sizeOf } from "./result.js";
import { Session, type SessionContext, TypesChanged } from "./session.js";
import { TypeNames } from "./type-names.js";
import type {
  Change,
  ChangeOptions,
  Database,
  DatabaseInfo,
  NextOptions,
  Page,
  PageOptions,
  Preview,
  QueryOptions,
  ReadSession,
  Row,
  RowConsumer,
  RunOptions,
} from "./types.js";
import { commitChange, previewChange } from "./write.js";

export interface DatabaseSettings {
  name: string;
  description?: string | undefined;
  role?: string | undefined;
  source: ConnectionSource;
  gate: Gate;
  /** Default false; see {@link SessionContext}. */
  hidesDetails?: boolean | undefined;
}

/** Results held at once, each on a connection of its own. */
const MOST_HELD = 4;
/** Bytes that a streamed result hands on at a time. */
const CHUNK = 256 * 1024;
/** A page may keep the server busy this long after its call has ended: while it is held. */
const MARGIN_MS = 5_000;

/** A database behind its guards. */
export class GuardedDatabase implements Database {
  readonly info: DatabaseInfo;
  readonly #context: SessionContext;
  readonly #held: HeldResults<Result>;

  constructor({ name, description, role, source, gate, hidesDetails = false }: DatabaseSettings) {
    this.info = { name, description, kind: source.kind, address: source.address };
    this.#held = new HeldResults(Math.min(MOST_HELD, source.size), ({ session }) => void session.end());
    this.#context = {
      connections: new Connections(source, () => this.#held.dropOldest()),
      gate,
      typeNames: new TypeNames(),
      parameterTypes: new LastStatements(),
      role,
      hidesDetails,
    };
  }

  read<T>(work: (session: ReadSession) => Promise<T>, { signal }: { signal: AbortSignal }): Promise<T> {
    return this.#transaction({ signal, readOnly: true }, work);
  }

  query(sql: string, { params = [], timeoutMs, signal, ...options }: QueryOptions): Promise<Page> {
    const work = async (session: Session) => this.#page(await Result.start(session, sql, params), options);
    const serverTimeout = timeoutMs && timeoutMs + HOLD_MS + MARGIN_MS;
    return within(timeoutMs, signal, (deadline) =>
      this.#transaction({ signal: deadline, readOnly: true, timeoutMs: serverTimeout, mayStayOpen: true }, work),
    );
  }

  next(name: string, { timeoutMs, signal, ...options }: NextOptions): Promise<Page> {
    return within(timeoutMs, signal, async (deadline) => {
      const result = this.#held.take(options.owner, name);
      result.session.watch(deadline);
      try {
        return await this.#page(result, options);
      } catch (error) {
        await result.session.end();
        throw error;
      }
    });
  }

  stream(sql: string, { params = [], timeoutMs, signal }: RunOptions, consumer: RowConsumer): Promise<void> {
    return within(timeoutMs, signal, (deadline) =>
      this.#transaction({ signal: deadline, readOnly: true, timeoutMs }, async (session) => {
        const result = await Result.start(session, sql, params);
        consumer.columns(result.columns);
        for (let state = "more"; state === "more"; ) {
          const rows: Row[] = [];
          let bytes = 0;
          state = await result.each((row) => {
            if (bytes >= CHUNK) return false;
            bytes += sizeOf(row);
            return rows.push(row) > 0;
          });
          await consumer.rows(rows);
          deadline.throwIfAborted();
        }
      }),
    );
  }

  preview(sql: string, options: ChangeOptions): Promise<Preview> {
    return this.#change(options, (session) => previewChange(session, sql, options));
  }

  commit(sql: string, options: ChangeOptions & { expected: number | undefined }): Promise<Change> {
    return this.#change(options, (session) => commitChange(session, sql, options));
  }

  async close(): Promise<void> {
    this.#held.dropAll();
    await this.#context.connections.close();
  }

  #change<T>({ timeoutMs, signal }: ChangeOptions, work: (session: Session) => Promise<T>): Promise<T> {
    return within(timeoutMs, signal, (deadline) =>
      this.#transaction({ signal: deadline, readOnly: false, timeoutMs }, work),
    );
  }

  /** Runs `work` in a transaction that ends with it, and once more when the connection was dead or types have changed. */
  async #transaction<T>(options: TransactionOptions, work: (session: Session) => Promise<T>): Promise<T> {
    const { signal, readOnly, timeoutMs, mayStayOpen = false } = options;
    for (let attempt = 1; ; attempt++) {
      const session = await Session.begin(this.#context, signal, {
        readOnly,
        statementTimeoutMs: timeoutMs,
        idleTimeoutMs: HOLD_MS + MARGIN_MS,
      });
      try {
        const result = await work(session);
        if (!mayStayOpen) await session.end();
        return result;
      } catch (error) {
        await session.end();
        const again = error instanceof TypesChanged || (isLost(error) && !session.answered);
        if (!again || attempt > 1 || signal.aborted) throw error;
      }
    }
  }

  /** One page; the result is then held, or ended behind the answer's back. */
  async #page(result: Result, { owner, ...options }: PageOptions & { owner?: string | undefined }): Promise<Page> {
    const { session } = result;
    const page = await result.page(options);
    session.unwatch();
    const mayGoOn = page.truncated && owner !== undefined && !session.throughPooler;
    const next = mayGoOn ? this.#held.hold(owner, result) : undefined;
    if (next === undefined) setImmediate(() => void session.end()); // the answer goes first
    return { ...page, next };
  }
}

interface TransactionOptions {
  signal: AbortSignal;
  readOnly: boolean;
  /** For the server, in milliseconds. */
  timeoutMs?: number | undefined;
  /** `work` says when it ends, unless it fails. */
  mayStayOpen?: boolean;
}
