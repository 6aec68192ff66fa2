import { Transform, type TransformCallback } from "node:stream";

const NEWLINE = 0x0a;

/**
 * Passes bytes on in whole lines. The SDK joins what it has with each chunk that comes, 64 kB at a time: of a message of
 * 40 MB that took ten seconds.
 */
export class WholeLines extends Transform {
  #held: Buffer[] = [];
  #bytes = 0;

  /** @param longest bytes of a line; a longer one destroys the stream with an error */
  constructor(private readonly longest: number) {
    super();
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    const end = chunk.lastIndexOf(NEWLINE) + 1;
    this.#hold(chunk.subarray(0, end || undefined));
    if (this.#bytes > this.longest) {
      done(new Error(`a message is larger than the maximum of ${this.longest} bytes`));
      return;
    }
    if (end > 0) {
      this.push(Buffer.concat(this.#held));
      this.#held = [];
      this.#bytes = 0;
      this.#hold(chunk.subarray(end));
    }
    done();
  }

  #hold(bytes: Buffer): void {
    if (bytes.length === 0) return;
    this.#held.push(bytes);
    this.#bytes += bytes.length;
  }
}
