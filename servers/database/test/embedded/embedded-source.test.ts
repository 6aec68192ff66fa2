import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { cp, mkdtemp, realpath, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { tempDir } from "@mcp-reference/testing";
import type { Client, QueryConfig } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { embeddedSource } from "../../src/embedded/embedded-source.js";
import type { ConnectionSource } from "../../src/engine/connection-source.js";
import { ask, column, copyOf, never, openEmbedded, refusal, silent } from "./open-embedded.js";

const ENDLESS = "SELECT count(*) FROM generate_series(1, 1000000000000)";

/** A closed data directory with the demo in it. */
let template: string;
/** A source for tests that leave no trace: opening one takes most of a second. */
let shared: ConnectionSource;
beforeAll(async () => {
  const folder = await mkdtemp(join(await realpath(tmpdir()), "mcp-test-"));
  template = join(folder, "data");
  const source = embeddedSource({ dataDir: template, demo: true, waitMs: 50, log: silent });
  (await source.acquire(never)).release("again");
  await source.close();
  await cp(template, join(folder, "shared"), { recursive: true });
  shared = embeddedSource({ dataDir: join(folder, "shared"), demo: false, waitMs: 50, log: silent });
}, 120_000);
afterAll(async () => {
  await shared.close();
  await rm(join(template, ".."), { recursive: true, force: true });
});

const streamOf = (client: Client) => client.connection.stream;

describe("the embedded database", () => {
  it("is made when it is first acquired, for the user alone", async () => {
    const source = await openEmbedded();
    expect(existsSync(source.dataDir)).toBe(false);
    const lease = await source.acquire(never);
    expect(lease.serverVersion).toBeGreaterThanOrEqual(180000);
    expect(await column(lease, "SELECT extname FROM pg_extension ORDER BY 1")).toEqual([
      "pg_stat_statements",
      "pg_trgm",
      "plpgsql",
    ]);
    expect(
      await column(lease, "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"),
    ).toEqual([]);
    lease.release("again");
    expect(readdirSync(source.dataDir).sort()).toEqual(["lock", "pg18"]);
    for (const path of [source.dataDir, join(source.dataDir, "pg18"), join(source.dataDir, "lock")]) {
      expect(statSync(path).mode & 0o777).toBe(0o700);
    }
  }, 60_000);

  it("answers every kind of exchange that pg has", async () => {
    const { client, release } = await shared.acquire(never);
    const rows = async (query: string | QueryConfig) => (await client.query(query)).rows;
    expect(await rows("SELECT 1 AS a")).toEqual([{ a: 1 }]);
    expect(await rows({ text: "SELECT $1::int + 1 AS a", values: [41] })).toEqual([{ a: 42 }]);
    expect(await rows({ name: "prepared", text: "SELECT $1::text AS a", values: ["x".repeat(3_000_000)] })).toEqual([
      { a: "x".repeat(3_000_000) },
    ]);
    await expect(client.query("SELECT nope")).rejects.toMatchObject({ code: "42703" });
    await expect(client.query({ text: "SELECT 1 / $1::int", values: [0] })).rejects.toMatchObject({ code: "22012" });
    await client.query("BEGIN");
    await expect(client.query("SELECT 1 / 0")).rejects.toMatchObject({ code: "22012" });
    await expect(client.query("SELECT 1")).rejects.toMatchObject({ code: "25P02" });
    await client.query("ROLLBACK");
    // A portal that is fetched in parts, with Flush in between and without a transaction around.
    expect(await rows({ text: "SELECT g FROM generate_series(1, 10) g", rows: 3 } as never)).toHaveLength(10);
    expect(await rows("DISCARD ALL")).toEqual([]);
    release("again");
  });

  it("keeps at most one megabyte that is not read, and loses none of it", async () => {
    const lease = await shared.acquire(never);
    const stream = streamOf(lease.client);
    let most = 0;
    stream.on("data", () => {
      most = Math.max(most, stream.readableLength);
      stream.pause();
      setImmediate(() => stream.resume());
    });
    const { rows } = await lease.client.query("SELECT g, repeat('x', 1000) AS x FROM generate_series(1, 30000) g");
    expect(rows.map(({ g }) => g)).toEqual(Array.from({ length: 30_000 }, (_, index) => index + 1));
    expect(most).toBeLessThan(1.5 * 1024 ** 2);
    lease.release("again");
  });

  it("passes a cell of many megabytes in parts", async () => {
    expect((await ask(shared, "SELECT repeat('x', 40000000)"))[0]).toHaveLength(40_000_000);
  });
});

describe("one session", () => {
  it("is had in turn: a wait has a limit, and ends with its call", async () => {
    const first = await shared.acquire(never);
    const late = await refusal(shared.acquire(never));
    expect(late).toMatchObject({ code: "UNAVAILABLE", message: expect.stringContaining("busy"), retryAfterMs: 50 });
    const call = new AbortController();
    const given = shared.acquire(call.signal);
    call.abort(new Error("given up"));
    await expect(given).rejects.toThrow("given up");
    await expect(shared.acquire(AbortSignal.abort(new Error("before")))).rejects.toThrow("before");
    const order: string[] = [];
    const waiting = ["a", "b"].map(async (name) => {
      const lease = await shared.acquire(never);
      order.push(name);
      lease.release("again");
    });
    first.release("again");
    first.release("again");
    await Promise.all(waiting);
    expect(order).toEqual(["a", "b"]);
  });

  it("ends when it is interrupted, with everything that waits for it; what was committed stays", async () => {
    const source = await openEmbedded({ dataDir: await copyOf(template) });
    const lease = await source.acquire(never);
    await lease.client.query("CREATE TABLE kept AS SELECT 1 AS a");
    await lease.client.query("BEGIN; INSERT INTO kept VALUES (2)");
    const pending = [refusal(lease.client.query(ENDLESS)), refusal(lease.client.query("SELECT 1"))];
    await lease.interrupt();
    for (const error of await Promise.all(pending))
      expect(error).toMatchObject({ code: "UNAVAILABLE", hint: "Try again" });
    const next = source.acquire(never);
    lease.release("never");
    expect(await column(await next, "SELECT a FROM kept")).toEqual(["1"]);
    await lease.interrupt(); // somebody else's by now
    expect(await column(await next, "SELECT a FROM kept")).toEqual(["1"]);
    (await next).release("again");
  });

  it.each([
    [
      "that is cut off by its reader",
      async (client: Client) => {
        streamOf(client).once("data", () => streamOf(client).destroy(new Error("too large")));
        await client.query("SELECT repeat('x', 1000000)");
      },
    ],
    [
      "that PGlite loses, as it does with COPY FROM STDIN",
      async (client: Client) => {
        await client.query("CREATE TEMP TABLE t (a int)");
        await client.query("COPY t FROM STDIN");
      },
    ],
    ["that calls a program", async (client: Client) => void (await client.query("COPY (SELECT 1) TO PROGRAM 'cat'"))],
    [
      "that recurses without end",
      async (client: Client) => {
        await client.query("CREATE FUNCTION f(n int) RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN f(n + 1); END'");
        await client.query("SELECT f(1)");
      },
    ],
    [
      "that asks for more memory than there is",
      async (client: Client) =>
        void (await client.query("SELECT array_agg(repeat('x', 1000000) || g) FROM generate_series(1, 3000) g")),
    ],
  ])("survives a statement %s", async (_, run) => {
    const lease = await shared.acquire(never);
    const late = setTimeout(() => void lease.interrupt(), 3_000);
    await expect(run(lease.client)).rejects.toThrow();
    clearTimeout(late);
    lease.release("again");
    expect(await ask(shared, "SELECT 1")).toEqual(["1"]);
  });

  it("goes on with the next call, unless it has taken a lot of memory: that is never given back", async () => {
    const source = await openEmbedded({ dataDir: await copyOf(template) });
    await ask(source, "CREATE TEMP TABLE mark (a int)");
    expect(await ask(source, "SELECT to_regclass('mark')")).toEqual(["mark"]);
    expect(await ask(source, "SELECT length(repeat('x', 600000000))")).toEqual(["600000000"]);
    expect(await ask(source, "SELECT to_regclass('mark')")).toEqual(["null"]);
  });

  it("does not hold a process whose work is done", async () => {
    const program = `
      import { embeddedSource } from "./src/embedded/embedded-source.ts";
      const dataDir = ${JSON.stringify(await copyOf(template))};
      const source = embeddedSource({ dataDir, demo: false, waitMs: 1000, log: { debug() {} } });
      const lease = await source.acquire(new AbortController().signal);
      const { rows } = await lease.client.query("SELECT count(*) AS all FROM orders");
      lease.release("again");
      process.stdout.write(rows[0].all);`;
    const args = ["--import", "tsx", "--input-type=module", "-e", program];
    const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 25_000 });
    expect(stdout).toBe("6000");
  });

  it("closes at once in the middle of a statement, and refuses what waits and what comes", async () => {
    const source = await openEmbedded({ dataDir: await copyOf(template) });
    const { client } = await source.acquire(never);
    const running = refusal(client.query(ENDLESS));
    const waiting = refusal(source.acquire(never));
    await source.close();
    expect((await running).code).toBe("UNAVAILABLE");
    expect((await waiting).message).toBe("this server is shutting down");
    expect((await refusal(source.acquire(never))).message).toBe("this server is shutting down");
    await source.close();
  });
});

describe("its directory", () => {
  it("is one process's at a time", async () => {
    const first = await openEmbedded({ dataDir: await copyOf(template) });
    await ask(first, "SELECT 1");
    const second = await openEmbedded({ dataDir: first.dataDir });
    const error = await refusal(second.acquire(never));
    expect(error.code).toBe("UNAVAILABLE");
    expect(error.message).toBe(
      `the embedded database in ${first.dataDir} is in use by another process (pid ${process.pid})`,
    );
    expect(error.hint).toContain("--data-dir");
    await first.close();
    expect(await ask(second, "SELECT 1")).toEqual(["1"]);
  });

  it("keeps what was committed when the process is killed in the middle of writes", async () => {
    const dataDir = await copyOf(template);
    const program = `
      import { embeddedSource } from "./src/embedded/embedded-source.ts";
      const log = { debug() {} };
      const source = embeddedSource({ dataDir: ${JSON.stringify(dataDir)}, demo: false, waitMs: 1000, log });
      const { client } = await source.acquire(new AbortController().signal);
      await client.query("CREATE TABLE written (a int PRIMARY KEY, filler text)");
      for (let a = 1; ; a++) {
        await client.query("INSERT INTO written SELECT $1, repeat('x', 5000)", [a]);
        process.stdout.write(a + "\\n");
      }`;
    const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", program], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let told = 0;
    for await (const line of createInterface(child.stdout)) {
      told = Number(line);
      if (told === 200) child.kill("SIGKILL");
    }
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
    expect(told).toBeGreaterThanOrEqual(200);
    const source = await openEmbedded({ dataDir });
    const [rows, last] =
      (await ask(source, "SELECT count(*) || ' ' || max(a) FROM written"))[0]?.split(" ").map(Number) ?? [];
    expect(rows).toBe(last);
    expect(last).toBeGreaterThanOrEqual(told);
  });

  it("that was not made to its end is made anew", async () => {
    const dataDir = await copyOf(template);
    rmSync(join(dataDir, "pg18", "global"), { recursive: true });
    const damaged = await openEmbedded({ dataDir });
    expect(await refusal(damaged.acquire(never))).toMatchObject({
      code: "UNAVAILABLE",
      message: expect.stringContaining("cannot be opened"),
    });
    await damaged.close();
    writeFileSync(join(dataDir, "pg18.unfinished"), "");
    expect(await ask(await openEmbedded({ dataDir }), "SELECT 1")).toEqual(["1"]);
  }, 60_000);

  it("that cannot be written to is named", async () => {
    const file = join(await tempDir(), "file");
    writeFileSync(file, "");
    const error = await refusal((await openEmbedded({ dataDir: join(file, "data") })).acquire(never));
    expect(error).toMatchObject({ code: "UNAVAILABLE", message: expect.stringContaining("ENOTDIR") });
  });
});

it("says what to do when PGlite is not installed", async () => {
  const folder = await tempDir();
  mkdirSync(join(folder, "dist"));
  writeFileSync(join(folder, "package.json"), '{"type":"module"}');
  const worker = join(folder, "dist", "embedded-worker.js");
  copyFileSync(createRequire(import.meta.url).resolve("#embedded-worker"), worker);
  const error = await refusal((await openEmbedded({ worker })).acquire(never));
  expect(error).toMatchObject({ code: "UNAVAILABLE", message: expect.stringContaining("not installed") });
  expect(error.hint).toContain("DATABASE_URL");
});

describe("the demo", () => {
  it("is a shop with everything a catalog can show", async () => {
    const source = await openEmbedded({ dataDir: await copyOf(template), demo: true });
    const kinds = await ask(
      source,
      "SELECT DISTINCT relkind FROM pg_class WHERE relnamespace = 'public'::regnamespace ORDER BY 1",
    );
    expect(kinds).toEqual(expect.arrayContaining(["r", "p", "v", "m", "i", "I"]));
    const sizes =
      "SELECT unnest(ARRAY[(SELECT count(*) FROM orders), (SELECT count(*) FROM order_items), (SELECT count(*) FROM customers)])";
    expect(await ask(source, sizes)).toEqual(["6000", "15000", "600"]);
    expect(
      await ask(source, "SELECT count(*) > 0 FROM orders WHERE shipped_at < ordered_at OR status IS NULL"),
    ).toEqual(["false"]);
    expect(await ask(source, "SELECT count(DISTINCT status) FROM orders")).toEqual(["6"]);
    expect(
      await ask(
        source,
        "SELECT count(*) FROM orders o WHERE NOT EXISTS (SELECT FROM order_items i WHERE i.order_id = o.order_id)",
      ),
    ).toEqual(["0"]);
  });

  it("is not made again, nor in a database that holds something", async () => {
    const dataDir = await copyOf(template);
    const first = await openEmbedded({ dataDir, demo: true });
    await ask(first, "DELETE FROM order_items");
    await ask(first, "DROP TABLE order_items CASCADE");
    await first.close();
    const again = await openEmbedded({ dataDir, demo: true });
    expect(await ask(again, "SELECT to_regclass('order_items')")).toEqual(["null"]);
    await ask(again, "DROP SCHEMA public CASCADE");
    await ask(again, "CREATE SCHEMA public");
    await ask(again, "CREATE SCHEMA other CREATE SEQUENCE kept");
    await again.close();
    const third = await openEmbedded({ dataDir, demo: true });
    expect(await ask(third, "SELECT to_regclass('orders')")).toEqual(["null"]);
    await ask(third, "DROP SCHEMA other CASCADE");
    await third.close();
    const empty = await openEmbedded({ dataDir, demo: true });
    expect(await ask(empty, "SELECT count(*) FROM orders")).toEqual(["6000"]);
  });
});
