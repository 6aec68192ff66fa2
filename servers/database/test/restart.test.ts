import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  describePostgres,
  type SpawnedBin,
  spawnBin,
  startFaultProxy,
  startPostgres,
  type TestPostgres,
  tempDir,
} from "@mcp-reference/testing";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Watcher, watch } from "./watcher.js";

const bin = new URL("../dist/cli.js", import.meta.url);
const ours = "FROM pg_stat_activity WHERE application_name LIKE 'mcp-server%'";
const sleep = "SELECT pg_sleep(600)";
const one = "SELECT 1 AS one";

interface Outcome {
  /** Of an error; undefined for a result. */
  code: string | undefined;
  text: string;
}

async function query(server: SpawnedBin, sql: string): Promise<Outcome> {
  const { result, error } = await server.request("tools/call", { name: "query", arguments: { sql } });
  const { _meta, content } = (result ?? {}) as {
    _meta?: { error?: { code: string } };
    content?: { text: string }[];
  };
  return {
    code: error ? `protocol error ${error.code}` : _meta?.error?.code,
    text: (content ?? []).map(({ text }) => text).join("\n"),
  };
}

async function start(url: string, ...args: string[]): Promise<SpawnedBin> {
  const server = spawnBin(bin, { env: { DATABASE_URL: url }, args });
  await server.initialize();
  return server;
}

const works = async (server: SpawnedBin) => expect(await query(server, one)).toMatchObject({ code: undefined });

async function endsCleanly(server: SpawnedBin) {
  server.closeStdin();
  expect(await server.exit).toEqual({ code: 0, signal: null });
}

describePostgres("a database that comes and goes", (version) => {
  let postgres: TestPostgres;
  let watcher: Watcher;

  beforeAll(async () => {
    postgres = await startPostgres({ version });
  });
  afterAll(() => postgres.stop("immediate"));
  beforeEach(async () => {
    watcher = await watch(postgres.url);
  });
  afterEach(() => watcher.close());

  const sleeping = (count: number) =>
    watcher.until(`SELECT count(*) = ${count} ${ours} AND query LIKE '%pg_sleep(600)%'`);

  describe.each(["fast", "immediate"] as const)("restarted under load (%s)", (mode) => {
    it("fails calls under way as UNAVAILABLE, and the next ones work", async () => {
      const server = await start(postgres.url, "--rate-limit", "off");
      const asked = [query(server, sleep), query(server, sleep)];
      await sleeping(2);
      let restarted = false;
      const load = Array.from({ length: 6 }, async () => {
        const codes: (string | undefined)[] = [];
        while (!restarted) codes.push((await query(server, "SELECT count(*) FROM generate_series(1, 1000)")).code);
        return codes;
      });
      await postgres.restart(mode);
      restarted = true;
      for (const { code } of await Promise.all(asked)) expect(code).toBe("UNAVAILABLE");
      const codes = (await Promise.all(load)).flat();
      expect(codes.filter((code) => code !== undefined && code !== "UNAVAILABLE")).toEqual([]);
      await works(server);
      await endsCleanly(server);
    });
  });

  it("does not crash when idle connections are killed, and makes new ones", async () => {
    const server = await start(postgres.url);
    await Promise.all([works(server), works(server)]);
    await watcher.query(`SELECT pg_terminate_backend(pid) ${ours}`);
    await watcher.until(`SELECT count(*) = 0 ${ours}`);
    await works(server);
    await endsCleanly(server);
  });

  it("is not missed before the first call, and is found when it is there", async () => {
    const proxy = await startFaultProxy(postgres);
    proxy.refuse();
    const server = await start(proxy.url(postgres.url));
    expect((await server.request("tools/list")).result).toHaveProperty("tools");
    expect(await query(server, one)).toMatchObject({
      code: "UNAVAILABLE",
      text: expect.stringContaining(`127.0.0.1:${proxy.port}`),
    });
    await proxy.resume();
    await works(server);
    await endsCleanly(server);
  });

  it("fails the call whose connection is cut in the middle of its rows, and no other", async () => {
    const proxy = await startFaultProxy(postgres);
    const server = await start(proxy.url(postgres.url));
    await works(server);
    proxy.cutAfter(20_000);
    const cut = await query(server, "SELECT repeat('x', 1000) AS x FROM generate_series(1, 1000)");
    expect(cut.code).toBe("UNAVAILABLE");
    await works(server);
    await endsCleanly(server);
  });

  it("that falls silent ends calls at their deadline, with old connections and new ones", async () => {
    const proxy = await startFaultProxy(postgres);
    const server = await start(proxy.url(postgres.url), "--timeout", "1", "--connect-timeout", "0.5");
    await works(server);
    proxy.stall();
    const codes = (await Promise.all([one, one, one].map((sql) => query(server, sql)))).map(({ code }) => code);
    for (const code of codes) expect(code).toMatch(/^(TIMEOUT|UNAVAILABLE)$/);
    await proxy.resume();
    await works(server);
    await endsCleanly(server);
  });

  it("that is silent does not hold up the end", async () => {
    const proxy = await startFaultProxy(postgres);
    const server = await start(proxy.url(postgres.url));
    await works(server);
    proxy.stall();
    server.send({ jsonrpc: "2.0", id: "q", method: "tools/call", params: { name: "query", arguments: { sql: one } } });
    await endsCleanly(server);
  });

  it("whose connections are all busy is UNAVAILABLE, until one is free", async () => {
    const server = await start(postgres.url, "--pool-size", "2", "--pool-wait", "0.2");
    const params = { name: "query", arguments: { sql: sleep } };
    for (const id of ["a", "b"]) server.send({ jsonrpc: "2.0", id, method: "tools/call", params });
    await sleeping(2);
    expect(await query(server, one)).toMatchObject({
      code: "UNAVAILABLE",
      text: expect.stringContaining("--pool-size"),
    });
    server.send({ jsonrpc: "2.0", method: "notifications/cancelled", params: { requestId: "a" } });
    await sleeping(1);
    await works(server);
    await endsCleanly(server);
  });
});

describePostgres("the password", (version) => {
  const password = 'p@ss w"ord%/ü\\end';
  const spelled = [password, encodeURIComponent(password), JSON.stringify(password).slice(1, -1), 'p@ss w""ord'];
  let postgres: TestPostgres;

  beforeAll(async () => {
    postgres = await startPostgres({ version, auth: "scram" });
    const watcher = await watch(postgres.url);
    await watcher.query(`CREATE ROLE reader LOGIN PASSWORD '${password}'`);
    await watcher.close();
  });
  afterAll(() => postgres.stop("immediate"));

  const urlOf = (secret: string) => {
    const url = new URL(postgres.urlFor("postgres", "reader"));
    return url.href.replace("reader@", `reader:${encodeURIComponent(secret)}@`);
  };
  const leaks = (words: string) => spelled.filter((spelling) => words.includes(spelling));

  it("is in nothing that is said, logged or listed of a session that uses it", async () => {
    const audit = join(await tempDir(), "audit.jsonl");
    const server = await start(urlOf(password), "--log-level", "trace", "--audit-log", audit);
    await works(server);
    const literal = `'${password}'`;
    const said = await query(server, `SELECT ${literal} AS secret, 'x' AS x`);
    expect(said).toMatchObject({ code: undefined, text: expect.stringContaining("[redacted]") });
    expect((await query(server, `SELECT ${literal}::int`)).code).toBe("INVALID_ARGUMENT");
    expect((await query(server, `SELECT 1 FROM "no ${password.replaceAll('"', "")}"`)).code).toBe("NOT_FOUND");
    if (process.platform === "linux") {
      expect(leaks(readFileSync(`/proc/${server.pid}/cmdline`, "utf8"))).toEqual([]);
    }
    await endsCleanly(server);
    expect(leaks([server.stderr, ...server.stdoutLines, await readFile(audit, "utf8")].join("\n"))).toEqual([]);
  });

  it("is in nothing that is said when it is wrong, or nobody listens", async () => {
    const proxy = await startFaultProxy(postgres);
    const server = await start(proxy.url(urlOf(`${password}?`)), "--log-level", "trace");
    expect(await query(server, one)).toMatchObject({ code: "PERMISSION_DENIED" });
    proxy.refuse();
    expect(await query(server, one)).toMatchObject({ code: "UNAVAILABLE" });
    await endsCleanly(server);
    expect(leaks([server.stderr, ...server.stdoutLines].join("\n"))).toEqual([]);
  });
});
