import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { startFaultProxy, startPostgres, type TestPostgres } from "@mcp-reference/testing";
import { ToolError } from "@mcp-reference/validation";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ask, never, openSource, startSleep, valueFrom } from "./open-source.js";

let postgres: TestPostgres;

beforeAll(async () => {
  postgres = await startPostgres({ auth: "scram", settings: { max_connections: "25" } });
});
afterAll(() => postgres.stop("immediate"));

const backend = "SELECT pg_backend_pid()";
/** Ends when the server has nobody left that sleeps; the test's own limit is how long that may take. */
async function untilAllIsQuiet(): Promise<void> {
  const sleepers = "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE wait_event = 'PgSleep')";
  while (await ask(postgres.url, sleepers));
}

async function refusal(work: Promise<unknown>): Promise<ToolError> {
  const error = await work.then(
    () => new Error("it worked"),
    (reason: unknown) => reason,
  );
  if (!(error instanceof ToolError)) throw error;
  expect(error.toLine()).not.toContain(postgres.password);
  expect(error.toLine()).not.toMatch(/\n/);
  return error;
}

describe("a connection", () => {
  test("is made when it is wanted, under our name, and used again", async () => {
    const source = openSource({ databaseUrl: postgres.url });
    expect(source).toMatchObject({ kind: "server", size: 10, address: `127.0.0.1:${postgres.port}/postgres` });
    const ours =
      "SELECT count(*)::int FROM pg_stat_activity WHERE application_name = 'mcp-server-database' AND state = 'idle'";
    expect(await ask(postgres.url, ours)).toBe(0);

    const first = await source.acquire(never);
    expect(first.throughPooler).toBe(false);
    expect(Math.floor(first.serverVersion / 10_000)).toBe(postgres.version);
    const pid = await valueFrom(first, backend);
    expect(await ask(postgres.url, ours)).toBe(1);
    first.release("again");

    const second = await source.acquire(never);
    expect(await valueFrom(second, backend)).toBe(pid);
    second.release("never");
    const third = await source.acquire(never);
    expect(await valueFrom(third, backend)).not.toBe(pid);
    third.release("again");
  });

  test("goes over a socket of the file system too, and is interrupted there", async () => {
    const directory = String(await ask(postgres.url, "SHOW unix_socket_directories"));
    const databaseUrl = `postgres://postgres@/postgres?host=${encodeURIComponent(directory)}&port=${postgres.port}`;
    const lease = await openSource({ databaseUrl }).acquire(never);
    expect(await valueFrom(lease, "SELECT inet_server_addr() IS NULL")).toBe(true);
    const { ended } = await startSleep(lease, postgres.url);
    await lease.interrupt();
    expect(await ended).toMatchObject({ code: "57014" });
    lease.release("again");
  });

  test("is usable after an interrupt, and one that comes late does no harm", async () => {
    const lease = await openSource({ databaseUrl: postgres.url }).acquire(never);
    const { ended } = await startSleep(lease, postgres.url);
    await lease.interrupt();
    expect(await ended).toMatchObject({ code: "57014" });
    await lease.interrupt();
    expect(await valueFrom(lease, "SELECT 1")).toBe(1);
    lease.release("again");
  });

  test("given up in the middle of a query ends it, on the server too", async () => {
    const source = openSource({ databaseUrl: postgres.url });
    const lease = await source.acquire(never);
    const { ended } = await startSleep(lease, postgres.url);
    lease.release("never");
    expect(await ended).toBeInstanceOf(Error);
    await source.close();
    await untilAllIsQuiet();
  });

  test("that is released twice is released once", async () => {
    const source = openSource({ databaseUrl: postgres.url, poolSize: 1 });
    const lease = await source.acquire(never);
    lease.release("again");
    lease.release("never");
    const again = await source.acquire(never);
    expect(await valueFrom(again, "SELECT 1")).toBe(1);
    again.release("again");
  });
});

describe("when all connections are busy", () => {
  test("a call waits, then is told so", async () => {
    const source = openSource({ databaseUrl: postgres.url, poolSize: 1, poolWaitMs: 50 });
    const lease = await source.acquire(never);
    const error = await refusal(source.acquire(never));
    expect(error).toMatchObject({ code: "UNAVAILABLE", hint: expect.stringMatching(/try again/i) });
    expect(error.message).toMatch(/connection to postgres is busy/);
    lease.release("again");
    (await source.acquire(never)).release("again");
  });

  test("all that wait get one in turn", async () => {
    const source = openSource({ databaseUrl: postgres.url, poolSize: 2 });
    const pids = await Promise.all(
      Array.from({ length: 20 }, async () => {
        const lease = await source.acquire(new AbortController().signal);
        const pid = await valueFrom(lease, backend);
        lease.release("again");
        return pid;
      }),
    );
    expect(new Set(pids).size).toBeLessThanOrEqual(2);
  });

  test("a call that is cancelled stops waiting, and its place is lost to nobody", async () => {
    const source = openSource({ databaseUrl: postgres.url, poolSize: 1 });
    const lease = await source.acquire(never);
    const controller = new AbortController();
    const waiting = source.acquire(controller.signal);
    const next = source.acquire(never);
    controller.abort(new ToolError("CANCELLED", "enough"));
    expect(await refusal(waiting)).toMatchObject({ code: "CANCELLED" });
    lease.release("again");
    (await next).release("again");
  });
});

describe("a server that cannot be reached", () => {
  test("refuses", async () => {
    const proxy = await startFaultProxy({ port: postgres.port });
    const source = openSource({ databaseUrl: proxy.url(postgres.url) });
    proxy.refuse();
    const error = await refusal(source.acquire(never));
    expect(error).toMatchObject({ code: "UNAVAILABLE" });
    expect(error.message).toMatch(new RegExp(`127.0.0.1:${proxy.port} .*ECONNREFUSED`));
    await proxy.resume();
    (await source.acquire(never)).release("again");
  });

  test("swallows everything: the wait ends in time, or when it is cancelled", async () => {
    const proxy = await startFaultProxy({ port: postgres.port });
    proxy.stall();
    const source = openSource({ databaseUrl: proxy.url(postgres.url), connectTimeout: 0.1 });
    expect((await refusal(source.acquire(never))).message).toMatch(/did not answer within 100 ms/);
    const patient = openSource({ databaseUrl: proxy.url(postgres.url), connectTimeout: 60 });
    const controller = new AbortController();
    const waiting = patient.acquire(controller.signal);
    controller.abort(new ToolError("CANCELLED", "enough"));
    expect(await refusal(waiting)).toMatchObject({ code: "CANCELLED" });
  });

  test("cannot be interrupted, which is no error", async () => {
    const proxy = await startFaultProxy({ port: postgres.port });
    const lease = await openSource({ databaseUrl: proxy.url(postgres.url) }).acquire(never);
    proxy.refuse();
    await expect(lease.interrupt()).resolves.toBeUndefined();
    lease.release("never");
  });

  test.each([
    [
      "password",
      () => postgres.url.replace(postgres.password, "wrong-password"),
      "PERMISSION_DENIED",
      /password authentication failed/,
    ],
    [
      "no password",
      () => postgres.urlFor("postgres", "nobody"),
      "PERMISSION_DENIED",
      /asks for the password of nobody/,
    ],
    ["database", () => postgres.urlFor("missing"), "NOT_FOUND", /database "missing" does not exist/],
    [
      "host",
      () => "postgres://nowhere.invalid/x?sslmode=disable",
      "UNAVAILABLE",
      /nowhere\.invalid:5432 .*(ENOTFOUND|EAI_AGAIN)/,
    ],
    ["socket", () => "postgres:///x?host=/nonexistent", "UNAVAILABLE", /\/nonexistent .*ENOENT/],
    ["TLS", () => `${postgres.url}?sslmode=require`, "UNAVAILABLE", /does not speak TLS/],
  ])("says what is wrong: %s", async (_, url, code, words) => {
    const error = await refusal(openSource({ databaseUrl: url() }).acquire(never));
    expect(error.code).toBe(code);
    expect(error.message).toMatch(words);
    expect(error.hint).toMatch(/\w/);
  });

  test("has no connection left", async () => {
    await ask(postgres.url, "CREATE ROLE crowded LOGIN PASSWORD 'crowded-password' CONNECTION LIMIT 1");
    const databaseUrl = postgres.urlFor("postgres", "crowded:crowded-password").replace("%3A", ":");
    const lease = await openSource({ databaseUrl }).acquire(never);
    const error = await refusal(openSource({ databaseUrl }).acquire(never));
    expect(error).toMatchObject({ code: "UNAVAILABLE", details: { sqlstate: "53300" } });
    lease.release("again");
  });
});

describe("connections that are lost", () => {
  test("while idle are replaced", async () => {
    const source = openSource({ databaseUrl: postgres.url, poolSize: 1 });
    const lease = await source.acquire(never);
    const pid = await valueFrom(lease, backend);
    const gone = new Promise((resolve) => lease.client.once("end", resolve));
    lease.release("again");
    await ask(postgres.url, `SELECT pg_terminate_backend(${pid})`);
    await gone;
    const next = await source.acquire(never);
    expect(await valueFrom(next, "SELECT 1")).toBe(1);
    next.release("again");
  });

  test("between two queries of a transaction crash nothing", async () => {
    const source = openSource({ databaseUrl: postgres.url, poolSize: 1 });
    const lease = await source.acquire(never);
    const gone = new Promise((resolve) => lease.client.once("end", resolve));
    await ask(postgres.url, `SELECT pg_terminate_backend(${await valueFrom(lease, backend)})`);
    await gone;
    await expect(valueFrom(lease, "SELECT 1")).rejects.toThrow();
    lease.release("again");
    const next = await source.acquire(never);
    expect(await valueFrom(next, "SELECT 1")).toBe(1);
    next.release("again");
  });

  test("with the server come back with it", async () => {
    const own = await startPostgres();
    const source = openSource({ databaseUrl: own.url });
    const [busy, idle] = await Promise.all([source.acquire(never), source.acquire(never)]);
    const ended = busy.client.query("SELECT pg_sleep(600)").catch((error) => error);
    idle.release("again");
    await own.restart("immediate");
    expect(await ended).toBeInstanceOf(Error);
    busy.release("again");
    const next = await source.acquire(never);
    expect(await valueFrom(next, "SELECT 1")).toBe(1);
    next.release("again");
  });
});

describe("close", () => {
  test("ends what runs, what waits and what connects", async () => {
    const stalled = await startFaultProxy({ port: postgres.port });
    stalled.stall();
    const connecting = openSource({ databaseUrl: stalled.url(postgres.url) });
    const source = openSource({ databaseUrl: postgres.url, poolSize: 1 });
    const lease = await source.acquire(never);
    const { ended } = await startSleep(lease, postgres.url);
    const waiting = refusal(source.acquire(never));
    const attempt = refusal(connecting.acquire(never));
    await Promise.all([source.close(), connecting.close()]);
    expect(await ended).toBeInstanceOf(Error);
    expect((await waiting).message).toMatch(/shutting down/);
    expect(await attempt).toMatchObject({ code: "UNAVAILABLE" });
    expect((await refusal(source.acquire(never))).message).toMatch(/shutting down/);
    lease.release("never");
    await untilAllIsQuiet();
  });

  test("twice is once, and without a connection is nothing", async () => {
    const source = openSource({ databaseUrl: postgres.url });
    await source.close();
    await source.close();
  });

  test("is not needed for the process to exit: idle connections do not hold it", async () => {
    const program = `
      import { serverSource } from "./src/connection/server-source.ts";
      import { connectionSettings } from "./src/connection/settings.ts";
      import { config } from "./src/config.ts";
      const [settings] = connectionSettings(config.parse({ databaseUrl: process.env.DATABASE_URL }), process.env, () => {});
      const source = serverSource(settings, { poolWaitMs: 100, log: undefined });
      (await source.acquire(new AbortController().signal)).release("again");
      process.stdout.write("done");`;
    const run = promisify(execFile)(process.execPath, ["--import", "tsx", "--input-type=module", "-e", program], {
      env: { ...process.env, DATABASE_URL: postgres.url },
      timeout: 20_000,
    });
    expect((await run).stdout).toBe("done");
  });
});
