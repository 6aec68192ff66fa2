import type * as z from "zod";
import type { Logger } from "../process/logs.js";

/** Who a call is made for. */
export interface Caller {
  /** The principal: what limits, cursors, confirmations and audit lines are bound to. */
  readonly id: string;
  readonly scopes: "all" | ReadonlySet<string>;
  /** URIs of the roots a 2025-era client offers; undefined where the client offers none at all. */
  readonly roots?: readonly string[] | undefined;
}

/** What every handler gets besides the server's own services. */
export interface CallContext {
  readonly caller: Caller;
  /** Aborts on cancellation, deadline and shutdown. */
  readonly signal: AbortSignal;
  readonly log: Logger;
  /** Bytes of text that a result may hold (`--max-output`). */
  readonly maxOutput: number;
  /** Bytes of images, sound and other binary content that a result may hold: 16 times as many. */
  readonly maxMedia: number;
  /** Tells the client how far the call is; `total` in the same unit as `done`. */
  progress(done: number, total?: number, message?: string): void;
  /** Cursors that only this caller can use, with the same tool and arguments. */
  readonly cursors: {
    seal(position: unknown): string;
    /** @throws ToolError INVALID_ARGUMENT for a cursor that was not made for this call. */
    open<T>(cursor: string, schema: z.ZodType<T>): T;
  };
}
