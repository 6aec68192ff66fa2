import { ToolError } from "@mcp-reference/validation";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createRateLimiter, type RateLimiter } from "./rate-limit.js";

describe("the rate limiter", () => {
  beforeEach(() => void vi.useFakeTimers({ now: 1_000_000 }));
  afterEach(() => void vi.useRealTimers());

  it("lets a burst through, then what a minute allows, and says when to come back", async () => {
    const limiter = createRateLimiter({ perMinute: 600, burst: 20 });
    expect(await callsTaken(limiter, "a", 100)).toBe(30);
    const error = await limiter.take("a").catch((refusal: unknown) => refusal);
    expect(error).toBeInstanceOf(ToolError);
    const { code, retryAfterMs = 0 } = error as ToolError;
    expect(code).toBe("RATE_LIMITED");
    expect(retryAfterMs).toBeGreaterThan(0);
    vi.advanceTimersByTime(retryAfterMs);
    expect(await callsTaken(limiter, "a", 100)).toBe(10);
  });

  it.each([
    [600, 0],
    [600, 100],
    [7, 2],
    [1, 0],
    [90, 10],
    [10_000, 1_000],
  ])("sustains %i a minute, with %i more at most", async (perMinute, burst) => {
    const limiter = createRateLimiter({ perMinute, burst });
    const taken: number[] = [];
    for (let minute = 0; minute < 3; minute++) {
      let calls = 0;
      for (let second = 0; second < 60; second++) {
        calls += await callsTaken(limiter, "a", perMinute + burst);
        vi.advanceTimersByTime(1_000);
      }
      taken.push(calls);
    }
    for (const calls of taken) {
      expect(calls).toBeGreaterThanOrEqual(perMinute);
      expect(calls).toBeLessThanOrEqual(perMinute + burst);
    }
  });

  it("counts each caller alone", async () => {
    const limiter = createRateLimiter({ perMinute: 60, burst: 0 });
    expect(await callsTaken(limiter, "a", 5)).toBe(1);
    expect(await callsTaken(limiter, "b", 5)).toBe(1);
    expect(await callsTaken(limiter, "__proto__", 5)).toBe(1);
  });
});

/** Tries until it is refused. */
async function callsTaken(limiter: RateLimiter, caller: string, attempts: number): Promise<number> {
  for (let taken = 0; taken < attempts; taken++) {
    try {
      await limiter.take(caller);
    } catch {
      return taken;
    }
  }
  return attempts;
}
