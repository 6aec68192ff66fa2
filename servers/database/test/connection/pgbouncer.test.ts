import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startPostgres, type TestPostgres } from "@mcp-reference/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { never, openSource, startSleep, valueFrom } from "./open-source.js";

function isInstalled(): boolean {
  try {
    execFileSync("pgbouncer", ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/** Runs on a socket in `directory` until it is killed. PgBouncer refuses to run as root. */
async function startPgbouncer(directory: string, port: number): Promise<ChildProcess> {
  const settings = {
    unix_socket_dir: directory,
    listen_port: "6432",
    auth_type: "any",
    pool_mode: "transaction",
    default_pool_size: "2",
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name} = ${value}`);
  const target = `* = host=127.0.0.1 port=${port} user=postgres`;
  const file = join(directory, "pgbouncer.ini");
  await writeFile(file, ["[databases]", target, "[pgbouncer]", ...lines, ""].join("\n"));
  await chmod(directory, 0o777);
  const account = process.getuid?.() === 0 ? ["-u", "nobody"] : [];
  const pooler = spawn("pgbouncer", [...account, file], { stdio: ["ignore", "ignore", "pipe"] });
  for await (const text of pooler.stderr) if (String(text).includes("process up")) break;
  return pooler;
}

describe.runIf(isInstalled())("through PgBouncer in transaction mode", () => {
  let postgres: TestPostgres;
  let pooler: ChildProcess;
  let directory: string;
  let databaseUrl: string;

  beforeAll(async () => {
    postgres = await startPostgres();
    directory = await mkdtemp(join(tmpdir(), "mcp-pgbouncer-"));
    pooler = await startPgbouncer(directory, postgres.port);
    databaseUrl = `postgres://postgres@/postgres?host=${encodeURIComponent(directory)}&port=6432`;
  });
  afterAll(async () => {
    pooler.kill("SIGKILL");
    await once(pooler, "exit");
    await Promise.all([postgres.stop("immediate"), rm(directory, { recursive: true, force: true })]);
  });

  test("a pooler is noticed, and none where there is none", async () => {
    const pooled = await openSource({ databaseUrl }).acquire(never);
    expect(pooled.throughPooler).toBe(true);
    pooled.release("again");
    const direct = await openSource({ databaseUrl: postgres.url }).acquire(never);
    expect(direct.throughPooler).toBe(false);
    direct.release("again");
    const told = await openSource({ databaseUrl: `${postgres.url}?pgbouncer=true` }).acquire(never);
    expect(told.throughPooler).toBe(true);
    told.release("again");
  });

  test("an interrupt reaches the server behind it", async () => {
    const lease = await openSource({ databaseUrl }).acquire(never);
    // Inside a transaction the backend stays the same, so that the server can be asked about it.
    await lease.client.query("BEGIN");
    const { ended } = await startSleep(lease, postgres.url);
    await lease.interrupt();
    expect(await ended).toMatchObject({ code: "57014" });
    await lease.client.query("ROLLBACK");
    expect(await valueFrom(lease, "SELECT 1")).toBe(1);
    lease.release("again");
  });
});
