import type { Description } from "./describe-statement.js";
import type { Row } from "./types.js";

/** Takes a row, or leaves it for the next read by returning false. It must not throw: it is called from the socket. */
export type Accept = (row: Row) => boolean;

/** The rows of a running statement, read as far as they are wanted. */
export interface RowSource {
  /** Offers rows until one is left (`more`) or there are none (`end`). One read at a time. */
  read(accept: Accept): Promise<"more" | "end">;
  /** Whether the server is still at work on it, so that stopping takes an interrupt. */
  readonly running: boolean;
  /** Rows that the statement changed or gave, once it has ended; undefined where PostgreSQL does not count. */
  readonly affected: number | undefined;
  /** Throws away what is left, so that the connection can be used again once the server has stopped. */
  drain(): Promise<void>;
}

/** What a source starts from: the statement described last on the connection, or `text` to be parsed anew. */
export interface Execution {
  /** Statements of ours without rows that run before: when one fails, nothing after it runs. */
  before?: readonly string[] | undefined;
  text?: string | undefined;
  /** Text of each parameter. */
  values: readonly (string | null)[];
  /** Has `text` described as well. */
  describing?: Describing | undefined;
}

export interface Describing {
  /** Told when the server has answered for the first time. */
  answered: () => void;
  resolve: (description: Description) => void;
  reject: (error: Error) => void;
}

/** `INSERT 0 3` → 3, `CREATE TABLE` → undefined. */
export function countIn(tag: string): number | undefined {
  const count = /\d+$/.exec(tag)?.[0];
  return count === undefined ? undefined : Number(count);
}
