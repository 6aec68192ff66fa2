import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Account } from "./account.js";

/** How a server ends: `fast` ends the sessions first, `immediate` is like a crash. */
export type StopMode = "fast" | "immediate";

const READY_WITHIN = 30_000;

/** What a server is started with. */
export interface Launch {
  binaries: string;
  data: string;
  /** Where its sockets and its log are. */
  home: string;
  account: Account;
  port: number;
  settings: Record<string, string>;
}

/**
 * Starts the server and waits until it accepts connections.
 * @throws when it ends before, or is not ready in time, with its log
 */
export async function launch({ binaries, data, home, account, port, settings }: Launch): Promise<ChildProcess> {
  const path = join(home, "log");
  const log = openSync(path, "a");
  const all = { ...settings, port: String(port), unix_socket_directories: home };
  const args = ["-D", data, ...Object.entries(all).flatMap(([name, value]) => ["-c", `${name}=${value}`])];
  // Detached: Ctrl-C at a terminal reaches the tests, which then end it themselves.
  const server = spawn(join(binaries, "postgres"), args, {
    ...account,
    env: { PATH: process.env.PATH, LC_ALL: "C" },
    cwd: home,
    stdio: ["ignore", log, log],
    detached: true,
  });
  closeSync(log);
  await once(server, "spawn");
  server.unref();
  if (await isReady(server, data)) return server;
  await stop(server, "immediate");
  throw new Error(`PostgreSQL did not start; its log:\n${readFileSync(path, "utf8")}`);
}

export async function stop(server: ChildProcess, mode: StopMode): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null || server.pid === undefined) return;
  const exit = once(server, "exit");
  server.ref();
  server.kill(mode === "fast" ? "SIGINT" : "SIGQUIT");
  await exit;
}

/** The server writes into `postmaster.pid` how far it is: `pg_ctl` waits in the same way. */
async function isReady(server: ChildProcess, data: string): Promise<boolean> {
  const until = Date.now() + READY_WITHIN;
  while (server.exitCode === null && server.signalCode === null && Date.now() < until) {
    const lines = await readFile(join(data, "postmaster.pid"), "utf8").then(
      (text) => text.split("\n"),
      () => [],
    );
    if (lines[0] === String(server.pid) && lines[7]?.trim() === "ready") return true;
    await pause(5);
  }
  return false;
}
