import { ToolError } from "@mcp-reference/validation";
import { describe, expect, test } from "vitest";
import { withDeadline } from "../src/call/deadline.js";
import { SpentOnce } from "../src/call/spent.js";

const A_LONG_TIME = 3600;

describe("withDeadline", () => {
  test("gives what the work gives, or throws what it throws", async () => {
    expect(await withDeadline(A_LONG_TIME, [], async () => 7)).toBe(7);
    const error = new Error("no");
    await expect(withDeadline(A_LONG_TIME, [], () => Promise.reject(error))).rejects.toBe(error);
  });

  test("does not start work that is cancelled already", async () => {
    let started = false;
    const work = async () => {
      started = true;
    };
    await expect(withDeadline(A_LONG_TIME, [AbortSignal.abort()], work)).rejects.toMatchObject({ code: "CANCELLED" });
    expect(started).toBe(false);
  });

  test("cancels for any of its sources, with one reason for everybody", async () => {
    const sources = [new AbortController(), new AbortController()] as const;
    let seen: unknown;
    const call = withDeadline(
      A_LONG_TIME,
      sources.map(({ signal }) => signal),
      async (signal) => {
        signal.addEventListener("abort", () => {
          seen = signal.reason;
        });
        sources[1].abort(new Error("the SDK's own words"));
        await new Promise(() => {});
      },
    );
    const thrown = await call.catch((error) => error);
    expect(thrown).toBeInstanceOf(ToolError);
    expect(thrown).toBe(seen);
    expect(thrown.code).toBe("CANCELLED");
  });

  test("takes no notice of a source that aborts once the work is done", async () => {
    const source = new AbortController();
    let signal: AbortSignal | undefined;
    await withDeadline(A_LONG_TIME, [source.signal], async (given) => {
      signal = given;
    });
    source.abort();
    expect(signal?.aborted).toBe(false);
  });

  test("a late failure of abandoned work is nobody's unhandled rejection", async () => {
    const source = new AbortController();
    let failLate: (error: Error) => void = () => {};
    const call = withDeadline(A_LONG_TIME, [source.signal], () => new Promise((_, reject) => (failLate = reject)));
    source.abort();
    await expect(call).rejects.toMatchObject({ code: "CANCELLED" });
    failLate(new Error("too late"));
    await new Promise(setImmediate); // vitest fails the run on an unhandled rejection
  });
});

describe("SpentOnce", () => {
  test("spends a value once, until it would have expired", () => {
    const spent = new SpentOnce(1000);
    expect(spent.spend("a", 0)).toBe(true);
    expect(spent.spend("b", 500)).toBe(true);
    expect(spent.spend("a", 999)).toBe(false);
    expect(spent.spend("b", 1400)).toBe(false);
    expect(spent.spend("a", 1400)).toBe(true);
  });
});
