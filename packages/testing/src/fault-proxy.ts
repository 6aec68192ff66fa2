import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { Transform, type TransformCallback } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as pause } from "node:timers/promises";
import { atTestEnd } from "./at-test-end.js";
import { type Deferred, deferred } from "./deferred.js";

export interface FaultProxyOptions {
  /** Of the upstream. */
  port: number;
  /** Of the upstream. Default 127.0.0.1. */
  host?: string | undefined;
  /** Sees bytes before they pass: `up` to the upstream, `down` from it. */
  onBytes?: ((bytes: Buffer, direction: "up" | "down") => void) | undefined;
}

/** Starts a proxy before an upstream on which its connections can be made to fail. It ends with the running test. */
export async function startFaultProxy(options: FaultProxyOptions): Promise<FaultProxy> {
  const proxy = new FaultProxy(options);
  await proxy.resume();
  atTestEnd(() => proxy.close());
  return proxy;
}

/** A TCP proxy, whatever is spoken over it; faults last until `resume`. */
export class FaultProxy implements AsyncDisposable {
  /** On 127.0.0.1; it stays the same. */
  port = 0;
  #server: Server | undefined;
  readonly #open = new Set<readonly [client: Socket, upstream: Socket]>();
  #stalled: Deferred<void> | undefined;
  #delay = 0;
  #left = Number.POSITIVE_INFINITY;

  constructor(readonly options: FaultProxyOptions) {}

  /** A URL of the upstream, with this proxy's host and port. */
  url(of: string): string {
    const url = new URL(of);
    url.hostname = "127.0.0.1";
    url.port = String(this.port);
    return url.href;
  }

  /** Resets every connection; new ones are taken. */
  cut(): void {
    for (const pair of this.#open) reset(pair);
  }

  /** Cuts once, after so many more bytes from the upstream, which still arrive. */
  cutAfter(bytes: number): void {
    this.#left = bytes;
  }

  /** Closes the port to new connections; open ones go on. */
  refuse(): void {
    this.#server?.close();
    this.#server = undefined;
  }

  /** Keeps connections open, new ones too, and passes neither bytes nor ends: a network that swallows everything. */
  stall(): void {
    this.#stalled ??= deferred();
  }

  /** Passes every piece of data so much later. */
  delay(milliseconds: number): void {
    this.#delay = milliseconds;
  }

  /** Ends every fault; what was held back passes. */
  async resume(): Promise<void> {
    this.#delay = 0;
    this.#left = Number.POSITIVE_INFINITY;
    this.#stalled?.resolve();
    this.#stalled = undefined;
    if (this.#server) return;
    this.#server = createServer({ allowHalfOpen: true }, (client) => this.#join(client));
    await once(this.#server.listen(this.port, "127.0.0.1"), "listening");
    this.port = (this.#server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    this.refuse();
    this.cut();
    this.#stalled?.resolve();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #join(client: Socket): void {
    const { port, host = "127.0.0.1" } = this.options;
    const upstream = connect({ port, host, allowHalfOpen: true });
    const pair = [client, upstream] as const;
    this.#open.add(pair);
    // Before the pipelines see it: they would only close the other side.
    for (const socket of pair) socket.on("error", () => reset(pair));
    const up = pipeline(client, this.#passage("up", client), upstream);
    const down = pipeline(upstream, this.#passage("down", client), client);
    Promise.all([up, down])
      .catch(() => reset(pair))
      .finally(() => this.#open.delete(pair));
  }

  #passage(direction: "up" | "down", client: Socket): Transform {
    const transform = async (bytes: Buffer, _encoding: string, done: TransformCallback) => {
      this.options.onBytes?.(bytes, direction);
      await this.#hold(this.#delay);
      if (direction === "up") return done(null, bytes);
      const last = bytes.subarray(0, this.#left);
      this.#left -= last.length;
      if (this.#left > 0) return done(null, bytes);
      // Closed and not reset, which would throw away what is on its way.
      client.write(last, () => {
        client.destroy();
        this.cut();
        this.#left = Number.POSITIVE_INFINITY;
      });
    };
    return new Transform({ transform, flush: (done) => void this.#hold(0).then(() => done()) });
  }

  async #hold(delay: number): Promise<void> {
    if (delay > 0) await pause(delay);
    await this.#stalled?.promise;
  }
}

function reset(pair: readonly Socket[]): void {
  for (const socket of pair) socket.resetAndDestroy();
}
