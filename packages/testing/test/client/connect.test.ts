import { execFile } from "node:child_process";
import { open, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { connect } from "@mcp-reference/client";
import { serveInMemory } from "@mcp-reference/runtime";
import { describe, expect, onTestFinished, test } from "vitest";
import { tempDir, variants } from "../../src/index.js";
import { buildBin } from "../notes-server/build-bin.js";
import { notesServer } from "../notes-server/src/index.js";

const bin = await buildBin();
const notes = { command: process.execPath, args: [bin], stderr: "ignore" } as const;
const legacy = {
  command: process.execPath,
  args: [fileURLToPath(new URL("./legacy-server.mjs", import.meta.url))],
  stderr: "ignore",
} as const;

describe("the era", () => {
  test.each([
    ["2026 for a server of ours", notes, "2026"],
    ["2025 for a server that knows no other", legacy, "2025"],
  ] as const)("is found out by itself: %s", async (_, target, era) => {
    await using client = await connect(target);
    expect([client.sdk, client.era]).toEqual(["v2", era]);
    expect((await client.listTools()).length).toBeGreaterThan(0);
  });

  test("is what was asked for, or there is no connection", async () => {
    await using old = await connect(notes, { era: "2025" });
    expect(old.era).toBe("2025");
    await expect(connect(legacy, { era: "2026" })).rejects.toThrow();
    await expect(connect(notes, { sdk: "v1", era: "2026" })).rejects.toThrow(/v1 SDK/);
  });
});

test.each(variants)("what a server does not offer is an empty list ($variant)", async ({ sdk }) => {
  await using client = await connect(legacy, { sdk, era: "2025" });
  expect(await client.listPrompts()).toEqual([]);
  expect(await client.listResources()).toEqual([]);
  expect(await client.listResourceTemplates()).toEqual([]);
});

describe.each(variants)("a client on $variant", ({ sdk, era }) => {
  test("knows whom it talks to", async () => {
    await using client = await connect(notes, { sdk, era });
    expect(client).toMatchObject({ sdk, era, serverVersion: { name: "mcp-server-notes", version: "0.3.1" } });
    expect(client.instructions).toMatch(/^Notes have names/);
    expect(client.capabilities).toMatchObject({ tools: {}, resources: { subscribe: true }, prompts: {} });
  });

  test("gives the server what environment and folder it is told to, and little else", async () => {
    const dir = await tempDir();
    const script = "process.stderr.write(JSON.stringify([process.cwd(), Object.keys(process.env).sort()]));";
    const log = await open(join(dir, "log"), "w");
    onTestFinished(() => log.close());
    process.env["UNRELATED_SECRET"] = "not for servers";
    onTestFinished(() => {
      delete process.env["UNRELATED_SECRET"];
    });
    const target = { command: process.execPath, args: ["-e", script], cwd: dir, env: { ADDED: "1" }, stderr: log.fd };
    await expect(connect(target, { sdk, era })).rejects.toThrow();
    const [cwd, names] = JSON.parse(await readFile(join(dir, "log"), "utf8"));
    expect(cwd).toBe(dir);
    expect(names).toContain("ADDED");
    expect(names).toContain("PATH");
    expect(names).not.toContain("UNRELATED_SECRET");
  });

  test("fails to connect to what is not there, or is no server", async () => {
    await expect(connect({ command: "/no/such/program" }, { sdk, era })).rejects.toThrow();
    const silent = { command: process.execPath, args: ["-e", ""] };
    await expect(connect(silent, { sdk, era })).rejects.toThrow();
  });

  test("leaves no process behind when the server never answers", async () => {
    const dir = await tempDir();
    const pidFile = join(dir, "pid");
    const script = `require("fs").writeFileSync(${JSON.stringify(pidFile)}, String(process.pid)); process.stdin.resume();`;
    await expect(
      connect({ command: process.execPath, args: ["-e", script] }, { sdk, era, timeoutMs: 3000 }),
    ).rejects.toThrow();
    const pid = Number(await readFile(pidFile, "utf8"));
    await expect.poll(() => isAlive(pid), { timeout: 10_000 }).toBe(false);
  });

  test("gives up on a call after its time limit", async () => {
    const served = await serveInMemory(notesServer, { onLog: () => {} });
    onTestFinished(served.close);
    await using client = await connect({ transport: served.transport }, { sdk, era, timeoutMs: 1000 });
    await expect(client.callTool("hold_still", { milliseconds: 60_000 })).rejects.toThrow();
  });

  test("closes the server it started, once, however often it is told to", async () => {
    const client = await connect(notes, { sdk, era });
    await client.close();
    await client.close();
    await expect(client.callTool("list_notes")).rejects.toThrow();
  });

  test("stops telling those who no longer listen", async () => {
    await using client = await connect(notes, { sdk, era });
    const heard: unknown[] = [];
    const stop = client.onNotification((notification) => heard.push(notification));
    await client.subscribe("note:///a");
    await client.callTool("write_note", { name: "a", body: "1" });
    await expect.poll(() => heard.length).toBe(1);
    stop();
    await client.callTool("write_note", { name: "a", body: "2" });
    await client.listTools();
    expect(heard).toHaveLength(1);
  });
});

test.each([
  ["v1", "@modelcontextprotocol/client"],
  ["v2", "@modelcontextprotocol/sdk"],
])("with %s the other SDK is not loaded", async (sdk, other) => {
  const script = `
    import { connect } from "@mcp-reference/client";
    const client = await connect(${JSON.stringify({ ...notes })}, { sdk: "${sdk}" });
    await client.close();
  `;
  const env = { ...process.env, NODE_DEBUG: "esm" };
  const cwd = fileURLToPath(new URL("../../", import.meta.url));
  const { stderr } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", script], {
    cwd,
    env,
    maxBuffer: 1 << 28,
  });
  expect(stderr).toContain("@modelcontextprotocol");
  expect(stderr).not.toContain(`${other}/dist`);
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
