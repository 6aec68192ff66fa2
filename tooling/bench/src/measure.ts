import { execFileSync, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { type Command, RpcClient } from "./rpc-client.js";

/** Milliseconds from spawning a server to its answer to `initialize`. */
export async function coldStart(command: Command): Promise<number> {
  const start = performance.now();
  const client = new RpcClient(command);
  try {
    await client.initialize();
    return performance.now() - start;
  } finally {
    client.close();
  }
}

/** Milliseconds from spawning a command to its end, its output read and thrown away. */
export function nativeRun({ command, args, cwd }: Command): Promise<number> {
  const start = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, stdio: ["ignore", "pipe", "inherit"] });
    child.stdout.resume();
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) resolve(performance.now() - start);
      else reject(new Error(`${command} ended with ${code}`));
    });
  });
}

/** Milliseconds a call, over `calls` of them one after the other. */
export async function callLatency(client: RpcClient, tool: string, args: object, calls: number): Promise<number> {
  let total = 0;
  for (let call = 0; call < calls; call += 1) total += (await client.callTool(tool, args)).milliseconds;
  return total / calls;
}

/** Resident memory of a process, in megabytes. */
export function residentMemory(pid: number): number {
  const kilobytes =
    process.platform === "linux"
      ? /^VmRSS:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]
      : execFileSync("ps", ["-o", "rss=", "-p", String(pid)], { encoding: "utf8" });
  return Number(kilobytes) / 1024;
}

/** Bytes a client's model has to read before its first call: names, descriptions and input schemas of all tools. */
export async function toolListBytes(client: RpcClient): Promise<number> {
  const { result } = await client.request("tools/list", {});
  const { tools } = result as { tools: Record<string, unknown>[] };
  const shown = tools.map(({ name, description, inputSchema }) => ({ name, description, inputSchema }));
  return Buffer.byteLength(JSON.stringify(shown));
}

/** Threads of a process; Linux only. */
export const threadCount = (pid: number): number =>
  Number(/^Threads:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);

/** Looks every millisecond or so. @throws when it has not come true within ten seconds */
export async function until(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (!(await isTrue())) {
    if (performance.now() > deadline) throw new Error("what was waited for did not happen");
    await setTimeout(1);
  }
}
