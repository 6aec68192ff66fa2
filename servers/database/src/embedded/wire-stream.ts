import { Duplex } from "node:stream";

/** Bytes that may wait in the stream, beside those of `Flow`. */
const BUFFER = 256 * 1024;

interface Chunk {
  chunk: Buffer;
}

/** Stands where pg expects a socket, with a worker at the other end. */
export class WireStream extends Duplex {
  /** Tells of bytes that the stream took and nobody has read. */
  #unread: (() => void)[] = [];

  /** @param forward takes messages of the frontend; each is whole, because pg writes none in parts */
  constructor(private readonly forward: (messages: Uint8Array<ArrayBuffer>) => void) {
    super({ readableHighWaterMark: BUFFER });
  }

  /** Bytes of the backend. @param read called once they have been read */
  receive(bytes: Uint8Array<ArrayBuffer>, read: () => void): void {
    if (this.destroyed || this.push(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))) read();
    else this.#unread.push(read);
  }

  override _read(): void {
    for (const read of this.#unread.splice(0)) read();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this._writev([{ chunk }], done);
  }

  override _writev(chunks: Chunk[], done: () => void): void {
    const total = chunks.reduce((sum, { chunk }) => sum + chunk.length, 0);
    const messages = new Uint8Array(total); // of their own: pg's come from a pool that must not be transferred
    let offset = 0;
    for (const { chunk } of chunks) {
      messages.set(chunk, offset);
      offset += chunk.length;
    }
    this.forward(messages);
    done();
  }

  override _final(done: () => void): void {
    done();
    this.destroy();
  }

  connect(): this {
    process.nextTick(() => this.emit("connect"));
    return this;
  }

  // What else a socket has and pg calls.
  setNoDelay = () => this;
  setKeepAlive = () => this;
  ref = () => this;
  unref = () => this;
}
