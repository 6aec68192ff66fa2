import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { CallToolResult } from "@mcp-reference/client";
import { describe, expect, test } from "vitest";
import { connect, errorOf, type SpawnedBin, spawnBin, tempDir, textOf, variants } from "../../src/index.js";
import { buildBin } from "../notes-server/build-bin.js";
import { notesServer } from "../notes-server/src/index.js";

const bin = await buildBin();
const call = (name: string, args: Record<string, unknown>) => ({ name, arguments: args });

/** What a second may take on a machine that does other things too. */
const A_MOMENT_MS = 10_000;

describe.each(variants)("the bin over stdio for $variant", (variant) => {
  test("does what the same server does in memory", async () => {
    const shown: (Record<string, unknown> & { missing: CallToolResult; updates: unknown[] })[] = [];
    for (const transport of ["memory", "stdio"] as const) {
      const client = await connect(notesServer, {
        ...variant,
        transport,
        bin,
        argv: ["b", "a"],
        elicit: () => ({ action: "accept", content: {} }),
      });
      const updates: unknown[] = [];
      client.onNotification(({ params }) => updates.push(params?.["uri"]));
      await client.subscribe("note:///c");
      shown.push({
        tools: await client.listTools(),
        resources: await client.listResources(),
        prompts: await client.listPrompts(),
        written: await client.callTool("write_note", { name: "c", body: "\u2028 🙂 \r\n" }),
        read: (await client.readResource("note:///c")).contents,
        gone: await client.callTool("delete_note", { name: "a" }),
        missing: await client.callTool("read_note", { name: "a" }),
        listed: (await client.callTool("list_notes", { limit: 1 })).structuredContent?.["notes" as never],
        prompt: (await client.getPrompt("summarize_note", { name: "b" })).messages,
        completed: await client.complete({
          ref: { type: "ref/prompt", name: "summarize_note" },
          argument: { name: "name", value: "" },
        }),
        updates,
      });
      await client.close();
    }
    expect(shown[1]).toEqual(shown[0]);
    expect(shown[0]?.updates).toEqual(["note:///c"]);
    expect(shown[0] && errorOf(shown[0].missing)).toMatchObject({ code: "NOT_FOUND" });
  });

  test("progress, cancellation and a large result get through", async () => {
    const client = await connect(notesServer, { ...variant, transport: "stdio", bin, argv: ["--max-output", "16m"] });
    const cancel = new AbortController();
    const held = client.callTool("hold_still", { milliseconds: 60_000 }, { signal: cancel.signal });
    const large = await client.callTool("repeat_words", { words: "0123456789abcdef", times: 500_000 });
    expect(textOf(large)).toBe("0123456789abcdef".repeat(500_000));
    cancel.abort();
    await expect(held).rejects.toThrow();
  });
});

describe("a stopping server", () => {
  const start = async (...args: string[]): Promise<SpawnedBin> => {
    const server = spawnBin(bin, { args });
    await server.initialize();
    return server;
  };

  /** Resolves when the server works on what was sent before: it reads its input in order. */
  const received = (server: SpawnedBin) => server.request("ping");

  test("answers everything it was sent, although its input has ended", async () => {
    const server = await start();
    const answers = Array.from({ length: 30 }, () =>
      server.request("tools/call", call("hold_still", { milliseconds: 30 })),
    );
    server.closeStdin();
    for (const { result } of await Promise.all(answers)) expect(result?.["isError"]).toBeUndefined();
    expect(await server.exit).toEqual({ code: 0, signal: null });
  });

  test("finishes writing a result that is larger than the pipe", async () => {
    const server = await start("--max-output", "32m");
    const answer = server.request("tools/call", call("repeat_words", { words: "x".repeat(1024), times: 20_000 }));
    server.closeStdin();
    expect(JSON.stringify((await answer).result).length).toBeGreaterThan(20_000 * 1024);
    expect(await server.exit).toEqual({ code: 0, signal: null });
  });

  test.each([
    ["closes its input", false, (server: SpawnedBin) => server.closeStdin()],
    ["closes its input", true, (server: SpawnedBin) => server.closeStdin()],
    ["sends SIGTERM", false, (server: SpawnedBin) => server.kill("SIGTERM")],
    ["sends SIGTERM", true, (server: SpawnedBin) => server.kill("SIGTERM")],
    ["sends SIGINT", false, (server: SpawnedBin) => server.kill("SIGINT")],
  ])("cancels a call that outlives the grace when the client %s (call is stubborn: %s)", async (_, stubborn, stop) => {
    const server = await start();
    const answer = server.request("tools/call", call("hold_still", { milliseconds: 60_000, stubborn }));
    await received(server);
    const started = performance.now();
    stop(server);
    const outcome = await answer.catch(() => undefined);
    expect(await server.exit).toEqual({ code: 0, signal: null });
    expect(performance.now() - started).toBeLessThan(A_MOMENT_MS);
    if (outcome) expect(JSON.stringify(outcome)).toContain("CANCELLED");
  });

  test("a second signal ends it at once", async () => {
    const server = await start();
    void server.request("tools/call", call("hold_still", { milliseconds: 60_000, stubborn: true })).catch(() => {});
    await received(server);
    server.kill("SIGTERM");
    server.kill("SIGINT");
    const { code, signal } = await server.exit;
    expect([code, signal]).not.toEqual([null, "SIGKILL"]);
  });

  test("ends although nobody ever spoke to it", async () => {
    const server = spawnBin(bin);
    server.closeStdin();
    expect(await server.exit).toEqual({ code: 0, signal: null });
    expect(server.stdoutLines).toEqual([]);
  });
});

describe("a hostile client", () => {
  test("cannot stop the server by what it writes", async () => {
    const server = spawnBin(bin);
    await server.initialize();
    const lines = [
      "not json",
      "{",
      "[]",
      '[{"jsonrpc":"2.0","id":1,"method":"ping"}]',
      "null",
      '"string"',
      "7",
      '{"jsonrpc":"1.0","id":2,"method":"ping"}',
      '{"jsonrpc":"2.0","id":{},"method":"ping"}',
      '{"jsonrpc":"2.0","id":3}',
      '{"jsonrpc":"2.0","id":4,"method":7}',
      '{"jsonrpc":"2.0","id":5,"method":"tools/call"}',
      '{"jsonrpc":"2.0","id":6,"method":"tools/call","params":{"name":7}}',
      '{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"read_note","arguments":[]}}',
      '{"jsonrpc":"2.0","id":8,"result":{}}',
      '{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":"none"}}',
      '{"jsonrpc":"2.0","method":"notifications/cancelled"}',
      '{"jsonrpc":"2.0","id":9,"method":"subscriptions/listen","params":null}',
      '{"jsonrpc":"2.0","id":10,"method":"subscriptions/listen","params":{"notifications":{"resourceSubscriptions":["note:///x"]}}}',
      '{"jsonrpc":"2.0","id":11,"method":"resources/read","params":{"uri":"note:///%E0%A4%A"}}',
      '{"jsonrpc":"2.0","id":12,"method":"initialize","params":{}}',
      "\u0000\u0001",
      "",
      " ".repeat(100_000),
      `{"jsonrpc":"2.0","id":13,"method":"tools/call","params":{"name":"read_note","arguments":${'{"a":'.repeat(5000)}1${"}".repeat(5000)}}}`,
    ];
    for (const line of lines) server.send(`${line}\n`);
    const { result } = await server.request("tools/call", call("read_note", { name: "shopping" }));
    expect(result).toMatchObject({ content: [{ text: "The note shopping.\n" }] });
    server.closeStdin();
    expect(await server.exit).toEqual({ code: 0, signal: null });
    for (const line of server.stdoutLines) expect(JSON.parse(line)).toMatchObject({ jsonrpc: "2.0" });
  });

  test("that refuses to name its roots shares none, and is served", async () => {
    const server = spawnBin(bin);
    await server.initialize({ roots: { listChanged: true } });
    const { id } = await server.receive(({ method }) => method === "roots/list");
    server.send({ jsonrpc: "2.0", id: id ?? null, error: { code: -32000, message: "no" } });
    const { result } = await server.request("tools/call", call("read_note", { name: "shopping" }));
    expect(result?.["isError"]).toBeUndefined();
    expect(server.stderr).toContain("did not name its roots");
  });

  test("that goes away without a word leaves no server behind", async () => {
    const server = spawnBin(bin);
    await server.initialize();
    void server.request("tools/call", call("repeat_words", { words: "x".repeat(1000), times: 200 })).catch(() => {});
    server.closeOutput();
    server.closeStdin();
    const { code } = await server.exit;
    expect(code).toBe(0);
  });
});

describe("configuration", () => {
  const namesOf = async (server: SpawnedBin) => {
    await server.initialize();
    const { result } = await server.request("tools/call", call("list_notes", {}));
    const structured = result?.["structuredContent"] as { notes: { name: string }[] } | undefined;
    return structured?.notes.map(({ name }) => name);
  };

  test("comes from flags, then the environment, then a file", async () => {
    const path = join(await tempDir(), "config.json");
    await writeFile(path, JSON.stringify({ notes: ["from-file"], readOnly: true }));
    expect(await namesOf(spawnBin(bin, { args: ["--config", path] }))).toEqual(["from-file"]);
    const env = { MCP_NOTES: "from-env" };
    expect(await namesOf(spawnBin(bin, { args: ["--config", path], env }))).toEqual(["from-env"]);
    expect(await namesOf(spawnBin(bin, { args: ["--config", path, "from-argv"], env }))).toEqual(["from-argv"]);
  });

  test("every problem is told at once, and no secret with it", async () => {
    const server = spawnBin(bin, {
      args: ["--confirm", "maybe", "--tools"],
      env: { NOTES_SYNC_TOKEN: "short", MCP_TIMEOUT: "-1", MCP_MAX_OUTPUT: "1 parsec" },
    });
    expect(await server.exit).toEqual({ code: 2, signal: null });
    expect(server.stdoutLines).toEqual([]);
    for (const word of ["--confirm", "--tools", "NOTES_SYNC_TOKEN", "MCP_TIMEOUT", "MCP_MAX_OUTPUT"]) {
      expect(server.stderr).toContain(word);
    }
    expect(server.stderr).not.toContain("short");
  });

  test.each([
    ["--audit-log", "/no/such/folder/audit.jsonl"],
    ["--config", "/no/such/file.json"],
    ["--tools", "no_such_tool"],
  ])("%s %s cannot work: exit 2 and one line", async (...args) => {
    const server = spawnBin(bin, { args });
    expect(await server.exit).toEqual({ code: 2, signal: null });
    expect(server.stdoutLines).toEqual([]);
    expect(server.stderr.trimEnd().split("\n")).toEqual([expect.stringContaining(args[1])]);
  });

  test("a secret may come from a file, and reaches neither log nor client", async () => {
    const secret = "0f1e2d3c4b5a6978";
    const path = join(await tempDir(), "token");
    await writeFile(path, `${secret}\n`);
    const server = spawnBin(bin, { args: ["--log-level", "trace"], env: { NOTES_SYNC_TOKEN_FILE: path } });
    await server.initialize();
    const { result } = await server.request("tools/call", call("repeat_words", { words: secret, times: 1 }));
    expect(result).toMatchObject({ content: [{ text: "[redacted]" }] });
    expect(server.stderr).toContain("synchronised with [redacted]");
    expect(server.stderr).not.toContain(secret);
  });
});
