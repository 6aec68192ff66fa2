import { READY_FOR_QUERY } from "./frames.js";

/** Bytes that travel in one message. */
const CHUNK = 128 * 1024;

/** Collects what PostgreSQL writes, 8 kB or one huge row at a time, into chunks worth sending to another thread. */
export class OutputChunks {
  #chunk: Uint8Array<ArrayBuffer> | undefined;
  #used = 0;
  /** The last bytes written. */
  tail: Uint8Array = new Uint8Array(0);

  /** @param send takes each chunk, for good; may block */
  constructor(private readonly send: (chunk: Uint8Array<ArrayBuffer>) => void) {}

  /** @param data PostgreSQL's own memory, used again after this call: copied */
  write(data: Uint8Array): void {
    for (let offset = 0; offset < data.length; ) {
      this.#chunk ??= new Uint8Array(CHUNK);
      const part = data.subarray(offset, offset + CHUNK - this.#used);
      this.#chunk.set(part, this.#used);
      this.#used += part.length;
      offset += part.length;
      if (this.#used === CHUNK) this.#sendWhole(this.#chunk);
    }
    // ReadyForQuery may come in two parts.
    this.tail = Uint8Array.from([...this.tail, ...data.subarray(-READY_FOR_QUERY)]).subarray(-READY_FOR_QUERY);
  }

  /** Sends what is left. */
  flush(): void {
    if (this.#chunk && this.#used > 0) this.send(this.#chunk.slice(0, this.#used));
    this.#used = 0;
  }

  #sendWhole(chunk: Uint8Array<ArrayBuffer>): void {
    this.#chunk = undefined;
    this.#used = 0;
    this.send(chunk);
  }
}
