import type { Client } from "pg";
import { type Accept, countIn, type Execution, type RowSource } from "./row-source.js";
import type { Row } from "./types.js";
import { Exchange, run, type WireConnection } from "./wire.js";

const FIRST_BATCH = 16;
const MOST_ROWS = 10_000;
/** Characters of a batch to aim at. */
const BATCH_SIZE = 256 * 1024;

let portals = 0;

/**
 * Fetches a portal in batches. For the embedded database: a statement that runs there can only be given up by opening the
 * database anew. The size of a batch follows the size of the rows.
 */
export class BatchedRows implements RowSource {
  #waiting: Row[] = [];
  #ended = false;
  #next: number = FIRST_BATCH;
  #started = false;
  #affected: number | undefined;
  readonly #portal = `rows_${++portals}`;

  /** @param arrived called for each row as it comes off the connection */
  constructor(
    private readonly client: Client,
    private readonly execution: Execution,
    private readonly arrived: () => void,
  ) {}

  readonly running = false;

  get affected(): number | undefined {
    return this.#affected;
  }

  async read(accept: Accept): Promise<"more" | "end"> {
    for (;;) {
      const left = this.#waiting.findIndex((row) => !accept(row));
      this.#waiting.splice(0, left < 0 ? this.#waiting.length : left);
      if (left >= 0) return "more";
      if (this.#ended) return "end";
      await this.#fetch();
    }
  }

  async drain(): Promise<void> {
    this.#waiting = [];
    this.#ended = true;
  }

  async #fetch(): Promise<void> {
    const execution = this.#started ? undefined : this.execution;
    this.#started = true;
    const { rows, suspended, affected } = await fetchBatch(this.client, {
      portal: this.#portal,
      size: this.#next,
      execution,
      arrived: this.arrived,
    });
    this.#waiting = rows;
    this.#ended = !suspended;
    this.#affected = affected;
    const size = rows.reduce((sum, row) => sum + sizeOf(row), 0);
    this.#next = Math.max(1, Math.min(MOST_ROWS, Math.floor((BATCH_SIZE * rows.length) / (size + 1))));
  }
}

const sizeOf = (row: Row) => row.reduce((sum, cell) => sum + (cell?.length ?? 0), row.length);

interface Batch {
  rows: Row[];
  suspended: boolean;
  affected: number | undefined;
}

interface Fetch {
  portal: string;
  /** Rows. */
  size: number;
  /** Binds the portal first. */
  execution: Execution | undefined;
  arrived: () => void;
}

function fetchBatch(client: Client, fetch: Fetch): Promise<Batch> {
  return new Promise((resolve, reject) => {
    run(client, new BatchExchange(fetch, resolve, reject));
  });
}

class BatchExchange extends Exchange {
  readonly #rows: Row[] = [];
  #suspended = false;
  #affected: number | undefined;

  constructor(
    private readonly fetch: Fetch,
    private readonly resolve: (batch: Batch) => void,
    readonly handleError: (error: Error) => void,
  ) {
    super();
  }

  send(connection: WireConnection): void {
    const { portal, size, execution } = this.fetch;
    if (execution?.text !== undefined) connection.parse({ text: execution.text });
    if (execution) connection.bind({ portal, values: execution.values });
    connection.execute({ portal, rows: size });
    connection.sync();
  }

  override handleDataRow({ fields }: { fields: Row }): void {
    this.fetch.arrived();
    this.#rows.push(fields);
  }

  override handlePortalSuspended(): void {
    this.#suspended = true;
  }

  handleReadyForQuery(): void {
    this.resolve({ rows: this.#rows, suspended: this.#suspended, affected: this.#affected });
  }

  override handleCommandComplete({ text }: { text: string }): void {
    this.#affected = countIn(text);
  }
}
