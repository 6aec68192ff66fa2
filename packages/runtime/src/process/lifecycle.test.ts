import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { text } from "node:stream/consumers";
import { afterEach, describe, expect, it } from "vitest";

const tsx = createRequire(import.meta.url).resolve("tsx");
const lifecycle = new URL("./lifecycle.ts", import.meta.url).href;
const logs = new URL("./logs.ts", import.meta.url).href;

const children: ChildProcessWithoutNullStreams[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});

/** A process with a live handle, run by `runUntilStopped(settings)`; says "ready" and then does `body`. */
async function start(settings: string, body = ""): Promise<ChildProcessWithoutNullStreams> {
  const script = `
    import { runUntilStopped } from ${JSON.stringify(lifecycle)};
    import { createLogger } from ${JSON.stringify(logs)};
    const log = createLogger({ server: "sample", level: "debug", secrets: ["hunter2-secret"] });
    const shutdown = runUntilStopped({ log, ${settings} });
    setInterval(() => {}, 1000);
    process.stdin.on("end", () => shutdown.request("stdin closed")).resume();
    process.stdout.write("ready\\n");
    ${body}`;
  const child = spawn(process.execPath, ["--import", tsx, "--input-type=module", "-e", script]);
  children.push(child);
  await once(child.stdout, "data");
  return child;
}

interface End {
  code: number | null;
  signal: string | null;
  stderr: string;
}

async function end(child: ChildProcessWithoutNullStreams, act: () => void): Promise<End> {
  const stderr = text(child.stderr);
  const exit = once(child, "exit");
  child.stdout.resume();
  act();
  const [code, signal] = await exit;
  return { code, signal, stderr: await stderr };
}

const closing = `stop: async (reason) => log.info("closed after " + reason)`;
const hanging = `stop: () => new Promise(() => {})`;

describe("runUntilStopped", () => {
  it.each([
    ["SIGTERM", (child: ChildProcessWithoutNullStreams) => child.kill("SIGTERM")],
    ["SIGINT", (child: ChildProcessWithoutNullStreams) => child.kill("SIGINT")],
    ["stdin closed", (child: ChildProcessWithoutNullStreams) => child.stdin.end()],
  ])("closes and exits 0 on %s although a handle is open", async (reason, ask) => {
    const child = await start(closing);
    const { code, stderr } = await end(child, () => ask(child));
    expect(code).toBe(0);
    expect(stderr).toContain(`closed after ${reason}`);
  });

  it("stops once, however often it is asked", async () => {
    const child = await start(
      closing,
      `setImmediate(() => { shutdown.request("first"); shutdown.request("second"); });`,
    );
    const { code, stderr } = await end(child, () => child.stdin.end());
    expect(code).toBe(0);
    expect(stderr.match(/closed after \w+/g)).toEqual(["closed after first"]);
  });

  it("tells when the grace is over, and waits for what is cancelled then", async () => {
    const child = await start(
      `graceMs: 50, stop: (_, graceOver) => new Promise((resolve) => graceOver.addEventListener("abort", () => setImmediate(resolve)))`,
    );
    expect(await end(child, () => child.stdin.end())).toMatchObject({ code: 0 });
  });

  it("exits 1 when closing hangs, and says so", async () => {
    const child = await start(`graceMs: 50, ${hanging}`);
    const { code, stderr } = await end(child, () => child.stdin.end());
    expect(code).toBe(1);
    expect(stderr).toContain("without closing everything");
  });

  it.each([
    `stop: async () => { throw new Error("hunter2-secret is locked") }`,
    `stop: () => { throw new Error("hunter2-secret is locked") }`,
  ])("exits 1 when closing fails: %s", async (stop) => {
    const child = await start(stop);
    const { code, stderr } = await end(child, () => child.kill("SIGTERM"));
    expect(code).toBe(1);
    expect(stderr).toContain("[redacted] is locked");
    expect(stderr).not.toContain("hunter2");
  });

  it.each([
    ["SIGTERM", 143],
    ["SIGINT", 130],
  ] as const)("exits at once on a second signal, here %s", async (signal, code) => {
    const child = await start(
      `graceMs: 60_000, stop: () => { process.stdout.write("stopping"); return new Promise(() => {}); }`,
    );
    const stopping = once(child.stdout, "data");
    child.kill("SIGTERM");
    await stopping;
    expect(await end(child, () => child.kill(signal))).toMatchObject({ code });
  });

  it("lets a client close stdin and then send one signal without losing the grace", async () => {
    const child = await start(
      `graceMs: 60_000, stop: (reason) => new Promise((resolve) => { process.stdout.write("stopping"); process.once("SIGTERM", () => { log.info("still closing"); setTimeout(resolve, 20); }); })`,
    );
    const stopping = once(child.stdout, "data");
    child.stdin.end();
    await stopping;
    const { code, stderr } = await end(child, () => child.kill("SIGTERM"));
    expect(code).toBe(0);
    expect(stderr).toContain("still closing");
  });

  it.each([
    [`setImmediate(() => { throw new Error("hunter2-secret leaked") })`, "[redacted] leaked"],
    [`Promise.reject(new Error("hunter2-secret leaked"))`, "[redacted] leaked"],
    [`Promise.reject(undefined)`, "unhandled rejection"],
    [`setImmediate(() => { throw undefined })`, "uncaught exception"],
  ])("logs and exits 1 on %s", async (failure, logged) => {
    const child = await start(closing, `process.stdin.once("data", () => { ${failure} });`);
    const { code, stderr } = await end(child, () => child.stdin.write("go"));
    expect(code).toBe(1);
    expect(stderr).toContain('"level":"fatal"');
    expect(stderr).toContain(logged);
    expect(stderr).not.toContain("hunter2");
  });

  it("takes a client that no longer reads stdout for gone", async () => {
    const child = await start(closing, `setInterval(() => process.stdout.write("x".repeat(1000)), 5);`);
    const { code, stderr } = await end(child, () => child.stdout.destroy());
    expect(code).toBe(0);
    expect(stderr).toContain("closed after stdout closed");
  });

  it("goes on when nobody reads stderr any more", async () => {
    const child = await start(`stop: async () => { for (let i = 0; i < 100; i++) log.info("x".repeat(1000)); }`);
    child.stderr.destroy();
    const exit = once(child, "exit");
    child.stdin.end();
    expect(await exit).toEqual([0, null]);
  });

  it("loses nothing that a slow reader has still to read", async () => {
    const size = 8 * 1024 ** 2;
    const child = await start(
      `graceMs: 20_000, stop: async () => { process.stdout.write(Buffer.alloc(${size}, "x")); }`,
    );
    const exit = once(child, "exit");
    child.stdin.end();
    let received = 0;
    for await (const chunk of child.stdout) {
      received += chunk.length;
      await new Promise(setImmediate);
    }
    expect(received).toBe(size);
    expect(await exit).toEqual([0, null]);
  });
});
