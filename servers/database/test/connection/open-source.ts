import type { Logger } from "@mcp-reference/runtime";
import { onTestFinished } from "vitest";
import type * as z from "zod";
import { config } from "../../src/config.js";
import { serverSource } from "../../src/connection/server-source.js";
import { connectionSettings } from "../../src/connection/settings.js";
import type { ConnectionSource, Lease } from "../../src/engine/connection-source.js";

interface Given extends z.input<typeof config> {
  databaseUrl: string;
  poolWaitMs?: number;
  log?: Logger;
}

export const never = new AbortController().signal;

const ignore = () => {};
export const silent: Logger = {
  trace: ignore,
  debug: ignore,
  info: ignore,
  warn: ignore,
  error: ignore,
  fatal: ignore,
  child: () => silent,
};

/** Connections as configured, closed when the running test ends. */
export function openSource({ poolWaitMs = 5000, log = silent, ...given }: Given): ConnectionSource {
  const [settings] = connectionSettings(config.parse(given), { PGPASSFILE: "/nonexistent" }, () => {});
  if (!settings) throw new Error("no settings");
  const source = serverSource(settings, { poolWaitMs, log });
  onTestFinished(() => source.close());
  return source;
}

export async function valueFrom({ client }: Lease, sql: string): Promise<unknown> {
  const { rows } = await client.query<[unknown]>({ text: sql, rowMode: "array" });
  return rows[0]?.[0];
}

/** What the server itself says about others, over a connection that has nothing to do with them. */
export async function ask(databaseUrl: string, sql: string): Promise<unknown> {
  const lease = await openSource({ databaseUrl: asOther(databaseUrl) }).acquire(never);
  try {
    return await valueFrom(lease, sql);
  } finally {
    lease.release("again");
  }
}

function asOther(databaseUrl: string): string {
  const url = new URL(databaseUrl);
  url.searchParams.set("application_name", "bystander");
  return url.href;
}

/** The connection is busy for ten minutes, and the server knows it. @returns how that ends */
export async function startSleep(lease: Lease, databaseUrl: string): Promise<{ ended: Promise<unknown> }> {
  const pid = await valueFrom(lease, "SELECT pg_backend_pid()");
  const ended = lease.client.query("SELECT pg_sleep(600)").catch((error) => error);
  const sql = `SELECT EXISTS (SELECT FROM pg_stat_activity WHERE pid = ${pid} AND wait_event = 'PgSleep')`;
  const watcher = await openSource({ databaseUrl: asOther(databaseUrl) }).acquire(never);
  while (!(await valueFrom(watcher, sql)));
  watcher.release("again");
  return { ended };
}
