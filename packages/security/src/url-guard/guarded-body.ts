import type { Readable } from "node:stream";
import { ToolError } from "@mcp-reference/validation";
import { asToolError } from "./upstream-errors.js";

/** A response's body, of limited size. Every way of reading it throws ToolError TOO_LARGE, UNAVAILABLE, or the signal's reason. */
export class GuardedBody implements AsyncIterable<Buffer> {
  readonly #stream: Readable;
  readonly #host: string;
  readonly #maxBytes: number;
  readonly #signal: AbortSignal | undefined;

  constructor(
    stream: Readable,
    { host, maxBytes, signal }: { host: string; maxBytes: number; signal: AbortSignal | undefined },
  ) {
    this.#stream = stream;
    this.#host = host;
    this.#maxBytes = maxBytes;
    this.#signal = signal;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer, void> {
    let bytes = 0;
    try {
      for await (const piece of this.#stream as AsyncIterable<Buffer>) {
        bytes += piece.length;
        if (bytes > this.#maxBytes) throw this.#tooLarge();
        yield piece;
      }
    } catch (error) {
      this.#signal?.throwIfAborted();
      throw asToolError(error, this.#host);
    } finally {
      this.drop();
    }
  }

  /** All of it. */
  async bytes(): Promise<Buffer> {
    const pieces: Buffer[] = [];
    for await (const piece of this) pieces.push(piece);
    return Buffer.concat(pieces);
  }

  /** All of it, as UTF-8. */
  async text(): Promise<string> {
    return (await this.bytes()).toString("utf8");
  }

  /** Gives up what was not read, and the connection with it. */
  drop(): void {
    // An aborted stream reports that to its listeners, and without one to the whole process.
    this.#stream.on("error", () => {});
    this.#stream.destroy();
  }

  #tooLarge(): ToolError {
    return new ToolError("TOO_LARGE", `${this.#host} sent more than ${this.#maxBytes} bytes`);
  }
}
