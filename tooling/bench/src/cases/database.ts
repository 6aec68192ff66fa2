import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startPostgres } from "@mcp-reference/testing";
import { Client } from "pg";
import { type BenchCase, type OpenBench, type ServerBench, shortName } from "../bench-case.js";
import { callLatency, coldStart, residentMemory, toolListBytes, until } from "../measure.js";
import { bundleOneToolServer } from "../one-tool-server.js";
import { type Command, RpcClient } from "../rpc-client.js";

const REFERENCE = "@modelcontextprotocol/server-postgres@0.6.2";
const DBHUB = "@bytebase/dbhub@1.4.0";

export const database: ServerBench = { peers: [REFERENCE, DBHUB], open };

/** A server and how its query tool is called. */
interface Subject {
  command: Command;
  client: RpcClient;
  tool: string;
  /** What it takes besides `sql` to have all rows in one answer. */
  all: object;
}

/** Who is measured, by the names that the table shows; `ours` is one of them. */
type Servers = Record<string, Subject>;

/** Every server keeps running between the cases, as under a client, connected to the one PostgreSQL that is made for them. */
async function open(ourServer: Command, [reference, dbhub]: Command[]): Promise<OpenBench> {
  if (!reference || !dbhub) throw new Error("a peer is not there");
  const folder = mkdtempSync(join(tmpdir(), "bench-database-"));
  const postgres = await startPostgres({ settings: { shared_buffers: "512MB" } });
  const { url } = postgres;
  const start = (command: Command, tool: string, all = {}) => ({ command, client: new RpcClient(command), tool, all });
  const roomy = { ...ourServer, args: [...ourServer.args, "--max-output", "64m"], env: { DATABASE_URL: url } };
  const ours = start(roomy, "query", { limit: 100_000 });
  const servers = {
    ours,
    [shortName(REFERENCE)]: start({ ...reference, args: [...reference.args, url] }, "query"),
    [shortName(DBHUB)]: start(
      { ...dbhub, args: [...dbhub.args, "--transport", "stdio", "--dsn", `${url}?sslmode=disable`] },
      "execute_sql",
    ),
  };
  const plain = new Client(url);
  const oneTool = await bundleOneToolServer(fileURLToPath(new URL("../../../..", import.meta.url)), folder);
  const close = async () => {
    for (const { client } of Object.values(servers)) client.close();
    await plain.end();
    await postgres.stop("immediate");
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await plain.connect();
    await makeTables(plain);
    await Promise.all(Object.values(servers).map(({ client }) => client.initialize()));
    const cases = [
      ...startCases(servers, oneTool),
      latencyCase(servers, plain),
      rowsCase(servers, plain, 1000, 21),
      rowsCase(servers, plain, 100_000, 9),
      firstPageCase(ours),
      cancelCase(ours, plain),
      embeddedCase(ourServer, join(folder, "embedded")),
    ];
    return { cases, close };
  } catch (error) {
    await close();
    throw error;
  }
}

const BIG = 10_000_000;

/** `wide` has ten columns of common types, the last of which marks its row; `big` has many rows. */
async function makeTables(plain: Client): Promise<void> {
  await plain.query(`
    CREATE TABLE wide AS
    SELECT i AS id, i * 1000000007::int8 AS account, (i % 100000) / 100.0 AS price, i % 2 = 0 AS paid,
      timestamptz '2026-01-01' + i * interval '1 minute' AS created, date '2026-01-01' + i % 365 AS day,
      sqrt(i) AS weight, md5(i::text) AS hash, 'customer ' || i % 1000 AS customer, 'row ' || i || '.' AS marker
    FROM generate_series(1, 100000) AS i;
    ALTER TABLE wide ADD PRIMARY KEY (id);
    CREATE TABLE big AS SELECT i AS id, md5(i::text) AS hash FROM generate_series(1, ${BIG}) AS i;`);
  await plain.query("VACUUM ANALYZE");
}

function startCases(servers: Servers, oneTool: Command): BenchCase[] {
  return [
    {
      name: "Cold start: spawn to `initialize` (native: a bundled server of one tool)",
      unit: "ms",
      rounds: 21,
      subjects: { ...each(servers, ({ command }) => coldStart(command)), native: () => coldStart(oneTool) },
      targets: [
        { against: "native", plus: 25 },
        { against: shortName(REFERENCE), ratio: 1 },
        { against: shortName(DBHUB), ratio: 0.25 },
      ],
    },
    {
      name: "Memory after start (RSS)",
      unit: "MB",
      rounds: 1,
      subjects: each(servers, async ({ client }) => residentMemory(client.pid)),
      targets: [],
    },
    {
      name: "Tool names, descriptions and input schemas",
      unit: "bytes",
      rounds: 1,
      subjects: each(servers, ({ client }) => toolListBytes(client)),
      targets: [{ limit: 8 * 1024 }],
    },
  ];
}

function latencyCase(servers: Servers, plain: Client): BenchCase {
  const CALLS = 20;
  const inProcess = async () => {
    const start = performance.now();
    for (let call = 0; call < CALLS; call += 1) await plain.query("SELECT 1");
    return (performance.now() - start) / CALLS;
  };
  return {
    name: "Call: `SELECT 1` (native: pg in the same process)",
    unit: "ms",
    rounds: 41,
    subjects: {
      ...each(servers, ({ client, tool }) => callLatency(client, tool, { sql: "SELECT 1" }, CALLS)),
      native: inProcess,
    },
    targets: [{ against: "peer", ratio: 1.2 }],
  };
}

function rowsCase(servers: Servers, plain: Client, count: number, rounds: number): BenchCase {
  const sql = `SELECT * FROM wide WHERE id <= ${count}`;
  const answered = async ({ client, tool, all }: Subject) => {
    const { text, milliseconds } = await client.callTool(tool, { sql, ...all });
    if (!text.includes(`row ${count}.`)) throw new Error(`${tool} left rows out: …${text.slice(-300)}`);
    return milliseconds;
  };
  const inProcess = async () => {
    const start = performance.now();
    const { rowCount } = await plain.query(sql);
    if (rowCount !== count) throw new Error(`${rowCount} rows`);
    return performance.now() - start;
  };
  return {
    name: `${count.toLocaleString("en")} rows of 10 columns (native: pg in the same process)`,
    unit: "ms",
    rounds,
    subjects: { ...each(servers, answered), native: inProcess },
    targets: [{ against: "peer", ratio: 0.6 }],
  };
}

/** The peers fetch all of it, and end for want of memory. */
function firstPageCase({ client, tool }: Subject): BenchCase {
  const firstPage = async () => {
    const { text, milliseconds } = await client.callTool(tool, { sql: "SELECT * FROM big" });
    if (!text.includes("truncated: true")) throw new Error(`not the first page: …${text.slice(-300)}`);
    return milliseconds;
  };
  return {
    name: "First 1,000 of 10,000,000 rows",
    unit: "ms",
    rounds: 21,
    subjects: { ours: firstPage },
    targets: [{ limit: 50 }],
  };
}

/** From the cancellation until the server of PostgreSQL runs nothing for us any more; the peers go on. */
function cancelCase({ client, tool }: Subject, plain: Client): BenchCase {
  const runs = async () => {
    const sql =
      "SELECT FROM pg_stat_activity WHERE query LIKE '%generate_series%' AND state = 'active' AND pid <> pg_backend_pid()";
    return (await plain.query(sql)).rowCount !== 0;
  };
  const cancelled = async () => {
    void client.request("tools/call", {
      name: tool,
      arguments: { sql: "SELECT count(*) FROM generate_series(1, 1e12)" },
    });
    await until(runs);
    const sent = performance.now();
    client.cancel();
    await until(async () => !(await runs()));
    return performance.now() - sent;
  };
  return {
    name: "A cancelled query has stopped in the server",
    unit: "ms",
    rounds: 21,
    subjects: { ours: cancelled },
    targets: [{ limit: 50 }],
  };
}

/** The round that is thrown away makes the directory. */
function embeddedCase(ourServer: Command, directory: string): BenchCase {
  const command = {
    ...ourServer,
    args: [...ourServer.args, "--data-dir", directory],
    env: { DATABASE_URL: undefined },
  };
  const firstQuery = async () => {
    const client = new RpcClient(command);
    try {
      await client.initialize();
      const { milliseconds } = await client.callTool("query", { sql: "SELECT 1" });
      await client.end();
      return milliseconds;
    } finally {
      client.close();
    }
  };
  return {
    name: "First query of the embedded database, from its directory",
    unit: "ms",
    rounds: 9,
    subjects: { ours: firstQuery },
    targets: [{ limit: 1000 }],
  };
}

const each = (servers: Servers, measure: (server: Subject) => Promise<number>) =>
  Object.fromEntries(Object.entries(servers).map(([name, server]) => [name, () => measure(server)]));
