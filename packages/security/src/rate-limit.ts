import { ToolError } from "@mcp-reference/validation";
import type { BurstyRateLimiter, RateLimiterRes } from "rate-limiter-flexible";

export interface RateLimits {
  /** Calls a minute that each caller may keep up, a whole number. */
  perMinute: number;
  /** Calls a minute and caller on top of that, for bursts; default: what ten seconds allow. */
  burst?: number | undefined;
}

export interface RateLimiter {
  /**
   * Counts one call.
   * @throws ToolError RATE_LIMITED with `retryAfterMs` when the caller has used up its calls.
   */
  take(caller: string): Promise<void>;
}

const BURST_SECONDS = 60;

/** Limits calls per caller, in this process's memory. The library is loaded with the first call. */
export function createRateLimiter(limits: RateLimits): RateLimiter {
  let limiter: Promise<BurstyRateLimiter> | undefined;
  return {
    async take(caller) {
      limiter ??= inMemory(limits);
      try {
        await (await limiter).consume(caller);
      } catch (refusal) {
        if (refusal instanceof Error) throw refusal;
        throw rateLimited(limits, refusal as RateLimiterRes);
      }
    },
  };
}

/**
 * The shortest window of whole seconds (all that Redis can count) that allows a whole number of calls, so that a caller
 * who has used up its calls waits for seconds and not for the rest of a minute.
 */
async function inMemory({ perMinute, burst = Math.ceil(perMinute / 6) }: RateLimits): Promise<BurstyRateLimiter> {
  const [{ default: Memory }, { default: Bursty }] = await Promise.all([
    import("rate-limiter-flexible/lib/RateLimiterMemory.js"),
    import("rate-limiter-flexible/lib/BurstyRateLimiter.js"),
  ]);
  const divisor = greatestCommonDivisor(perMinute, 60);
  return new Bursty(
    new Memory({ keyPrefix: "rate", points: perMinute / divisor, duration: 60 / divisor }),
    new Memory({ keyPrefix: "burst", points: burst, duration: BURST_SECONDS }),
  );
}

function rateLimited({ perMinute }: RateLimits, { msBeforeNext }: RateLimiterRes): ToolError {
  const retryAfterMs = Math.max(1, Math.ceil(msBeforeNext));
  return new ToolError("RATE_LIMITED", `more than ${perMinute} calls a minute`, {
    hint: `Wait ${Math.ceil(retryAfterMs / 1000)} s, then go on with fewer calls`,
    retryAfterMs,
  });
}

const greatestCommonDivisor = (a: number, b: number): number => (b === 0 ? a : greatestCommonDivisor(b, a % b));
