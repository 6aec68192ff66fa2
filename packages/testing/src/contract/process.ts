import { readFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import { describeServer } from "@mcp-reference/runtime";
import { describe, expect, test } from "vitest";
import { spawnBin } from "../spawn-bin.js";
import type { Contract } from "./contract.js";

/** A module that keeps the event loop alive for ever, as a pool or a timer would. */
const LIVE_HANDLE = ["--import", "data:text/javascript,setInterval(() => {}, 1000)"];
const EXIT_WITHIN_MS = 2000;

/** The bin as a process: what it prints, how it starts and how it ends. */
export function testProcess(contract: Contract): void {
  const { definition, options } = contract;
  const { options: described } = describeServer(definition);

  describe("the bin", () => {
    test("--version prints the version of its package", async () => {
      const server = spawnBin(options.bin, { args: ["--version"] });
      expect(await server.exit).toEqual({ code: 0, signal: null });
      const manifest = await readFile(new URL("../package.json", toUrl(options.bin)), "utf8");
      expect(server.stdoutLines).toEqual([JSON.parse(manifest).version]);
      expect(definition.version).toBe(JSON.parse(manifest).version);
    });

    test("--help names every option", async () => {
      const server = spawnBin(options.bin, { args: ["--help"] });
      expect(await server.exit).toEqual({ code: 0, signal: null });
      const words = server.stdoutLines.join("\n");
      const names = [...described.own, ...described.shared].map(({ flag, env }) => flag ?? env ?? "");
      expect(names.filter((name) => !words.includes(name))).toEqual([]);
    });

    test("bad configuration exits 2 with one line a problem", async () => {
      const server = await contract.spawn(["--no-such-flag", "--timeout", "never"]);
      expect(await server.exit).toEqual({ code: 2, signal: null });
      expect(server.stdoutLines).toEqual([]);
      const lines = server.stderr.trimEnd().split("\n");
      expect(lines).toHaveLength(2);
      expect(lines.every((line) => line.startsWith(`mcp-server-${definition.name}: `))).toBe(true);
      expect(server.stderr).toMatch(/--no-such-flag/);
      expect(server.stderr).toMatch(/--timeout/);
    });

    test.each(["trace", "fatal"])("stdout holds nothing but JSON-RPC at log level %s", async (level) => {
      const server = await contract.spawn(["--log-level", level]);
      await server.initialize();
      await server.request("tools/list");
      await server.request("tools/call", { name: "no_such_tool", arguments: {} });
      await server.request("no/such/method");
      server.send("not json\n");
      server.closeStdin();
      expect(await server.exit).toEqual({ code: 0, signal: null });
      expect(server.stdoutLines.length).toBeGreaterThanOrEqual(4);
      for (const line of server.stdoutLines) expect(JSON.parse(line)).toMatchObject({ jsonrpc: "2.0" });
    });

    test("a request sent just before stdin ends is answered", async () => {
      const server = await contract.spawn();
      await server.initialize();
      const answer = server.request("tools/list");
      server.closeStdin();
      expect((await answer).result).toBeDefined();
      expect(await server.exit).toEqual({ code: 0, signal: null });
    });

    test.each([
      ["stdin ends", "closeStdin"],
      ["SIGTERM", "kill"],
    ] as const)("exits on %s, whatever keeps the event loop alive", async (_, stop) => {
      const server = await contract.spawn([], { nodeArgs: LIVE_HANDLE });
      await server.initialize();
      const started = performance.now();
      server[stop]();
      expect(await server.exit).toEqual({ code: 0, signal: null });
      expect(performance.now() - started).toBeLessThan(EXIT_WITHIN_MS);
    });

    test.each(described.own.filter(({ secret }) => secret))("keeps $env to itself", async ({ env }) => {
      const canary = "canary-5b1f6c0e9d";
      for (const args of [[], ["--log-level", "trace"], ["--no-such-flag"], ["--help"]]) {
        const server = await contract.spawn(args, { env: { [env ?? ""]: canary } });
        await server.initialize().catch(() => "refused the value, or asked for help");
        server.closeStdin();
        await server.exit;
        expect(server.stdoutLines.join("\n") + server.stderr).not.toContain(canary);
      }
    });
  });
}

const toUrl = (path: string | URL) => (path instanceof URL ? path : pathToFileURL(path));
