import type { EventEmitter } from "node:events";
import type { Duplex } from "node:stream";
import type { Client, Submittable } from "pg";
import type { Row } from "./types.js";

/** The part of pg's connection that our own protocol exchanges use; the published types leave it out. */
export interface WireConnection extends EventEmitter {
  readonly stream: Duplex;
  query(text: string): void;
  parse(message: { text: string }): void;
  bind(message: { portal: string; values: readonly (string | null)[] }): void;
  describe(message: { type: "S" | "P"; name: string }): void;
  execute(message: { portal: string; rows: number }): void;
  sync(): void;
}

/** A column as RowDescription gives it. */
export interface Field {
  name: string;
  /** Table and column it comes from as it is; 0 for an expression. */
  tableID: number;
  columnID: number;
  dataTypeID: number;
  dataTypeModifier: number;
}

/** What is said to the server and what it answers, up to ReadyForQuery. The last call is the one that settles it. */
export abstract class Exchange {
  /** Writes the messages. */
  abstract send(connection: WireConnection): void;
  abstract handleReadyForQuery(): void;
  /** pg reads up to ReadyForQuery by itself after an error. */
  abstract handleError(error: Error): void;
  handleRowDescription(_message: { fields: Field[] }): void {}
  handleDataRow(_message: { fields: Row }): void {}
  /** @param _message its tag, such as `INSERT 0 3` */
  handleCommandComplete(_message: { text: string }): void {}
  handlePortalSuspended(): void {}
  handleEmptyQuery(): void {}
}

export const connectionOf = (client: Client) => (client as Client & { connection: WireConnection }).connection;

/** What was said on each connection and is not answered yet. */
const unanswered = new WeakMap<Client, Exchange[]>();

/**
 * Says something on a connection at once, without waiting for the answers to what was said before: they come in order, and
 * a round trip is most of what a short query costs. Nothing else may use the connection.
 */
export function run(client: Client, exchange: Exchange): void {
  const connection = connectionOf(client);
  const { stream } = connection;
  stream.cork();
  exchange.send(connection);
  process.nextTick(() => stream.uncork()); // what is said meanwhile goes into the same packet
  const queue = unanswered.get(client) ?? [];
  unanswered.set(client, queue);
  if (queue.push(exchange) === 1) listen(client, exchange, queue);
}

/** Has pg hand the answers to the exchange that is first, and then to the next: pg's own queue is to go in version 9. */
function listen(client: Client, exchange: Exchange, queue: Exchange[]): void {
  const settled = (handle: (error: Error) => void) => (error: Error) => {
    queue.shift();
    const [next] = queue;
    if (next) listen(client, next, queue);
    handle.call(exchange, error);
  };
  const submittable = Object.assign(exchange, {
    submit: () => {}, // its messages are on their way
    handleReadyForQuery: settled(exchange.handleReadyForQuery),
    handleError: settled(exchange.handleError),
  });
  client.query(submittable as unknown as Submittable);
}
