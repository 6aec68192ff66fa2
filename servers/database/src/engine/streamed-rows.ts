import type { Client } from "pg";
import { type Accept, countIn, type Execution, type RowSource } from "./row-source.js";
import { RowTap } from "./row-tap.js";
import type { Row } from "./types.js";
import { Exchange, type Field, run, type WireConnection } from "./wire.js";

/**
 * Runs a statement to its end and holds it back by not reading from the socket. A portal that is fetched in batches would
 * cost the parallel plan (PostgreSQL runs those only to completion) and need a guess at how many rows fit into memory.
 */
export class StreamedRows extends Exchange implements RowSource {
  #connection: WireConnection | undefined;
  #tap: RowTap | undefined;
  /** What came in the same chunk as the row that was left. */
  #waiting: Row[] = [];
  #accept: Accept | undefined;
  #settle: { resolve: (state: "more" | "end") => void; reject: (error: Error) => void } | undefined;
  #ended = false;
  #end: () => void = () => {};
  readonly #over = new Promise<void>((resolve) => {
    this.#end = resolve;
  });
  #affected: number | undefined;
  #parameters: readonly number[] = [];
  #error: Error | undefined;

  /** @param arrived called for each row as it comes off the connection */
  constructor(
    client: Client,
    private readonly execution: Execution,
    private readonly arrived: () => void,
  ) {
    super();
    run(client, this);
  }

  get running(): boolean {
    return !this.#ended;
  }

  get affected(): number | undefined {
    return this.#affected;
  }

  read(accept: Accept): Promise<"more" | "end"> {
    const left = this.#waiting.findIndex((row) => !accept(row));
    if (left >= 0) {
      this.#waiting.splice(0, left);
      return Promise.resolve("more");
    }
    this.#waiting = [];
    if (this.#error) return Promise.reject(this.#error);
    if (this.#ended) return Promise.resolve("end");
    return new Promise((resolve, reject) => {
      this.#accept = accept;
      this.#settle = { resolve, reject };
      this.#connection?.stream.resume();
    });
  }

  /** Beside a read that waits, which is answered as well. */
  drain(): Promise<void> {
    this.#waiting = [];
    this.#accept = () => true;
    this.#connection?.stream.resume();
    return this.#over;
  }

  send(connection: WireConnection): void {
    const { before = [], text, values, describing } = this.execution;
    this.#connection = connection;
    for (const statement of before) {
      connection.parse({ text: statement });
      connection.bind({ portal: "", values: [] });
      connection.execute({ portal: "", rows: 0 });
    }
    if (text !== undefined) connection.parse({ text });
    if (describing) {
      connection.on("parameterDescription", this.#takeParameters); // pg itself drops this message
      connection.describe({ type: "S", name: "" });
    }
    connection.bind({ portal: "", values });
    connection.execute({ portal: "", rows: 0 });
    connection.sync();
    this.#tap = new RowTap(connection.stream, this.#take);
  }

  readonly #take = (row: Row): void => {
    this.arrived();
    if (this.#accept?.(row)) return;
    this.#waiting.push(row);
    this.#connection?.stream.pause();
    this.#finishRead("more");
  };

  readonly #takeParameters = ({ dataTypeIDs }: { dataTypeIDs: number[] }) => {
    this.#parameters = dataTypeIDs;
  };

  override handleRowDescription({ fields }: { fields: Field[] }): void {
    this.execution.describing?.resolve({ fields, parameters: this.#parameters });
  }

  override handleCommandComplete({ text }: { text: string }): void {
    this.execution.describing?.answered();
    this.#affected = countIn(text);
  }

  handleReadyForQuery(): void {
    this.#finish();
    this.#finishRead("end");
  }

  handleError(error: Error): void {
    this.#error = error;
    this.#finish();
    this.#settle?.reject(error);
    this.execution.describing?.reject(error);
  }

  #finish(): void {
    this.#ended = true;
    this.#tap?.close();
    this.#connection?.off("parameterDescription", this.#takeParameters);
    this.#connection?.stream.resume(); // the end may have come in the chunk of a row that was left
    this.#end();
  }

  #finishRead(state: "more" | "end"): void {
    const settle = this.#settle;
    this.#accept = undefined;
    this.#settle = undefined;
    settle?.resolve(state);
  }
}
