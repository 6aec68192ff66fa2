import { readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { tempDir } from "@mcp-reference/testing";
import { ToolError } from "@mcp-reference/validation";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { plant, scopeOf } from "../walk/planted.fixture.js";
import type { FindTask, SearchTask } from "../walk/tasks.js";
import { SearchWorker } from "./search-worker-thread.js";
import { WorkerPool } from "./worker-pool.js";

let directory: string;
let pool: WorkerPool;
beforeEach(async () => {
  directory = await tempDir();
  pool = new WorkerPool();
});
afterEach(() => pool.close());

const never = () => new AbortController().signal;

const find = (changes: Partial<FindTask> = {}): FindTask => ({
  ...{ kind: "find", scope: scopeOf(directory), pattern: "**", type: "any", limit: 1000, after: undefined, ...changes },
});

/** A search that takes hours: each of ten million positions is compared with ten thousand characters. */
function endless(): SearchTask {
  writeFileSync(join(directory, "endless"), "a".repeat(10_000_000));
  const limits = { context: 0, limit: 10, maxFileBytes: 2 ** 30, maxLineLength: 100 };
  const pattern = { pattern: `${"a".repeat(9999)}b`, regex: false, caseSensitive: false };
  return {
    kind: "search",
    scope: scopeOf(directory),
    only: undefined,
    include: [],
    after: undefined,
    ...pattern,
    ...limits,
  };
}

describe("WorkerPool", () => {
  it("runs many tasks, a few at a time, on few threads", async () => {
    plant(directory, { a: { b: "" }, c: "" });
    const results = await Promise.all(Array.from({ length: 50 }, () => pool.run(find(), { signal: never() })));
    for (const result of results) expect(result).toMatchObject({ paths: "a\0a/b\0c", types: "dff", more: false });
  });

  it("hands over refusals and failures", async () => {
    const bad = pool.run(find({ pattern: "{a,b}".repeat(9) }), { signal: never() });
    await expect(bad).rejects.toThrow(ToolError);
    await expect(bad).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
    const gone = pool.run(find({ scope: scopeOf(directory, { at: join(directory, "gone") }) }), { signal: never() });
    await expect(gone).rejects.toMatchObject({ code: "ENOENT" });
    await expect(pool.run(find(), { signal: never() })).resolves.toMatchObject({ types: "" });
  });

  it("stops a search in the middle of a match, and leaves the others alone", async () => {
    const cancelled = new AbortController();
    const stuck = pool.run(endless(), { signal: cancelled.signal });
    const others = Array.from({ length: 5 }, () => pool.run(find(), { signal: never() }));
    await Promise.all(others);
    const started = performance.now();
    cancelled.abort(new Error("enough"));
    await expect(stuck).rejects.toThrow("enough");
    expect(performance.now() - started).toBeLessThan(1000);
    await expect(pool.run(find(), { signal: never() })).resolves.toMatchObject({ paths: "endless" });
  });

  it("makes room again when every thread was stuck", async () => {
    const task = endless();
    const calls = Array.from({ length: 12 }, () => new AbortController());
    const stuck = calls.map(({ signal }) => pool.run(task, { signal }));
    const waiting = pool.run(find(), { signal: never() });
    for (const call of calls) call.abort(new Error("enough"));
    const outcomes = await Promise.allSettled(stuck);
    expect(outcomes.every((outcome) => outcome.status === "rejected")).toBe(true);
    await expect(waiting).resolves.toMatchObject({ paths: "endless" });
  });

  it("does not start what was cancelled before", async () => {
    await expect(pool.run(find(), { signal: AbortSignal.abort(new Error("too late")) })).rejects.toThrow("too late");
  });

  it("ends what is under way and what waits when it closes", async () => {
    const task = endless();
    const calls = Array.from({ length: 8 }, () => pool.run(task, { signal: never() }));
    const outcomes = Promise.allSettled(calls);
    await pool.close();
    for (const outcome of await outcomes) expect(outcome).toMatchObject({ reason: { code: "UNAVAILABLE" } });
    await expect(pool.run(find(), { signal: never() })).rejects.toMatchObject({ code: "UNAVAILABLE" });
  });

  it.runIf(process.platform === "linux")("leaves no descriptor open when a thread is ended", async () => {
    await pool.run(find(), { signal: never() });
    const descriptors = () =>
      readdirSync("/proc/self/fd")
        .map(targetOf)
        .filter((target) => target === inodeOf(directory));
    const cancelled = new AbortController();
    const stuck = pool.run(endless(), { signal: cancelled.signal });
    await vi.waitFor(() => expect(descriptors()).toHaveLength(1), { timeout: 10_000 });
    cancelled.abort(new Error("enough"));
    await expect(stuck).rejects.toThrow("enough");
    await vi.waitFor(() => expect(descriptors()).toEqual([]), { timeout: 10_000 });
  });
});

const inodeOf = (path: string) => statSync(path).ino;
function targetOf(fd: string): number | undefined {
  try {
    return inodeOf(`/proc/self/fd/${fd}`);
  } catch {
    return undefined;
  }
}

it("a worker that needs too much memory fails alone", async () => {
  const entry = join(directory, "hungry.mjs");
  writeFileSync(
    entry,
    `
    import { parentPort } from "node:worker_threads";
    parentPort.on("message", () => { const all = []; for (;;) all.push(Array(100_000).fill(0.5)); });`,
  );
  const worker = new SearchWorker(entry, () => {});
  await expect(worker.run(find(), { signal: never() })).rejects.toMatchObject({ code: "TOO_LARGE" });
  expect(worker.ending).toBe(true);
});
