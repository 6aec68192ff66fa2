/**
 * Bytes that the worker has sent and nobody has read yet, in memory that both threads see: the worker is busy in one long call
 * and could not receive a message that told it to slow down.
 */
export class Flow {
  readonly #unread: Int32Array;

  constructor(readonly shared: SharedArrayBuffer = new SharedArrayBuffer(4)) {
    this.#unread = new Int32Array(shared);
  }

  /** Counts bytes, and blocks this thread until there are not too many. Like a full socket, it stops the query that makes them. */
  send(bytes: number): void {
    for (let unread = Atomics.load(this.#unread, 0); unread > WINDOW; unread = Atomics.load(this.#unread, 0)) {
      Atomics.wait(this.#unread, 0, unread);
    }
    Atomics.add(this.#unread, 0, bytes);
  }

  /** They have been read. */
  received(bytes: number): void {
    Atomics.sub(this.#unread, 0, bytes);
    Atomics.notify(this.#unread, 0);
  }
}

const WINDOW = 1024 ** 2;
