import type { AuditLog, RateLimiter } from "@mcp-reference/security";
import { type CursorCodec, digest, ToolError } from "@mcp-reference/validation";
import type { ServerContext } from "@modelcontextprotocol/server";
import type { CallContext, Caller } from "../define/context.js";
import type { EffectKind } from "../define/effect.js";
import type { OpenServices } from "../define/server.js";
import type { SecretKeeper } from "../output/secret-keeper.js";
import type { Logger } from "../process/logs.js";
import { withDeadline } from "./deadline.js";
import { toToolError } from "./errors.js";
import { Gate } from "./gate.js";
import { progressReporter } from "./progress.js";

/** One thing a client asked for: a tool call, a read, a prompt, a completion. */
export interface Operation {
  /** Tool or prompt name, or the method for the rest. */
  name: string;
  effect: EffectKind;
  args: unknown;
}

/** The part of the SDK's request context that every call needs. */
export interface CallRequest {
  mcpReq: Pick<ServerContext["mcpReq"], "signal" | "notify" | "_meta">;
}

/** The side of a connection that calls need. */
export interface CallerConnection {
  /** Who calls, known from the start. */
  readonly principal: Caller;
  /** The same with the roots that the client shares, once it has named them. */
  caller(): Promise<Caller>;
  /** The part of the services this caller may use. */
  services(): Promise<OpenServices>;
}

export interface CallLimits {
  /** Prefix of the scopes, `<server>:<effect>`. */
  server: string;
  /** Seconds a call, waiting in the queue included. */
  timeout: number;
  /** Calls of a caller that run at once. */
  concurrency: number;
  /** Bytes of text a result. */
  maxOutput: number;
  rate: RateLimiter | undefined;
  audit: AuditLog | undefined;
  cursors: CursorCodec;
  /** What every result, error and progress message goes through last. */
  redact: SecretKeeper;
  log: Logger;
  /** Aborts calls that outlive the grace period of a shutdown. */
  shutdown: AbortSignal;
}

/** A picture costs a model far less than its bytes say. */
const MEDIA_FACTOR = 16;

/**
 * The one way from the wire to a handler, on every transport: who calls, may they, not too often, not too many at
 * once, not for too long; then the handler; then the audit line. Whatever is thrown leaves here as a ToolError.
 */
export class Calls {
  readonly #gate: Gate;
  /** Handlers under way, also those whose calls have been answered because they were late. */
  readonly #working = new Set<Promise<unknown>>();

  constructor(private readonly limits: CallLimits) {
    this.#gate = new Gate(limits.concurrency);
  }

  async run<T>(
    operation: Operation,
    connection: CallerConnection,
    request: CallRequest,
    work: (context: CallContext) => Promise<T>,
  ): Promise<T> {
    const { log, rate, redact, shutdown, timeout } = this.limits;
    const { principal } = connection;
    const started = performance.now();
    let outcome = "ok";
    try {
      this.#requireScope(principal, operation);
      await rate?.take(principal.id);
      return await withDeadline(timeout, [request.mcpReq.signal, shutdown], async (signal) => {
        const leave = await this.#gate.enter(principal.id, signal);
        try {
          const caller = await connection.caller();
          const services = await connection.services();
          signal.throwIfAborted(); // the client has its answer: what it called for must not begin now
          const context = { ...services, ...this.#context(operation, caller, request, signal) };
          return redact(await this.#track(work(context)));
        } finally {
          leave();
        }
      });
    } catch (thrown) {
      const error = redact.error(toToolError(thrown, log));
      outcome = error.code;
      throw error;
    } finally {
      this.#audit(operation, principal.id, outcome, performance.now() - started);
    }
  }

  /** Resolves when no handler is under way; cancelled ones may still be cleaning up. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#working);
  }

  #track<T>(work: Promise<T>): Promise<T> {
    this.#working.add(work);
    const done = () => this.#working.delete(work);
    work.then(done, done);
    return work;
  }

  /** The call has happened by now: a full disk under the log must not make it look as if it had not. */
  #audit({ name, args }: Operation, principal: string, outcome: string, elapsed: number): void {
    const durationMs = Math.round(elapsed * 10) / 10;
    try {
      this.limits.audit?.record({ principal, tool: name, argumentDigest: digest(args), outcome, durationMs });
    } catch (err) {
      this.limits.log.error({ err }, "the audit log could not be written");
    }
  }

  #requireScope(caller: Caller, { effect }: Operation): void {
    const scope = `${this.limits.server}:${effect}`;
    if (caller.scopes === "all" || caller.scopes.has(scope)) return;
    throw new ToolError("PERMISSION_DENIED", `this needs the scope ${scope}`, { details: { scope } });
  }

  #context(operation: Operation, caller: Caller, request: CallRequest, signal: AbortSignal): CallContext {
    const { cursors, log, maxOutput, redact } = this.limits;
    const report = progressReporter(request, signal);
    // Made for cursors alone: few calls have one.
    const bound = () => ({ caller: caller.id, purpose: `${operation.name} ${digest(withoutPaging(operation.args))}` });
    return {
      caller,
      signal,
      log,
      maxOutput,
      maxMedia: maxOutput * MEDIA_FACTOR,
      progress: (done, total, message) => report(done, total, redact(message)),
      cursors: {
        seal: (position) => cursors.encode(position, bound()),
        open: (cursor, schema) => cursors.decode(cursor, bound(), schema),
      },
    };
  }
}

/** A page is continued with the same arguments, but for the cursor and the size of the page. */
function withoutPaging(args: unknown): unknown {
  if (typeof args !== "object" || args === null) return args;
  return { ...args, cursor: undefined, limit: undefined };
}
