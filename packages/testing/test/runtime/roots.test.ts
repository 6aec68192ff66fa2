import { pathToFileURL } from "node:url";
import { ConfigError, reads, serveInMemory, text } from "@mcp-reference/runtime";
import { describe, expect, onTestFinished, test } from "vitest";
import { connect, deferred, type JsonRpcMessage, textOf, variants } from "../../src/index.js";
import { nothing, resource, serverOf, tool } from "./testbed.js";
import { until } from "./until.js";

/** The server itself waits for ten seconds. */
const LESS_THAN_THE_ROOTS_TIMEOUT_MS = 5_000;

interface Services {
  roots: readonly string[] | undefined;
}

/** A server whose tool tells which roots it was opened for. */
function rooted() {
  const callers: (readonly string[] | undefined)[] = [];
  const live = new Map<string, () => void>();
  const shown = (context: unknown) => (context as Services).roots;
  const server = serverOf({
    forCaller: (_, { roots }) => {
      callers.push(roots);
      return { roots };
    },
    tools: [
      tool({
        name: "show_roots",
        description: "Shows.",
        effect: reads(),
        input: nothing,
        handle: (_, context) => text(JSON.stringify(shown(context) ?? "none offered")),
      }),
    ],
    resources: [
      resource({
        name: "folder",
        description: "A folder.",
        template: "folder:///{name}",
        read: () => ({ text: "" }),
        watch({ name = "" }, changed, context) {
          if (!shown(context)?.some((root) => root.endsWith(name))) throw new Error("not shared");
          live.set(name, changed);
          return () => live.delete(name);
        },
      }),
    ],
  });
  return { server, callers, live };
}

const uri = (name: string) => pathToFileURL(`/home/${name}`).href;
const legacy = variants.filter(({ era }) => era === "2025");

describe.each(legacy)("roots offered by $variant", (variant) => {
  test("are known before the first call runs", async () => {
    const { server, callers } = rooted();
    const client = await connect(server, { ...variant, roots: [uri("a"), uri("b")] });
    expect(JSON.parse(textOf(await client.callTool("show_roots")))).toEqual([uri("a"), uri("b")]);
    expect(callers).toEqual([[uri("a"), uri("b")]]);
  });

  test("that change open the services again, once a change", async () => {
    const { server, callers } = rooted();
    const client = await connect(server, { ...variant, roots: [uri("a")] });
    await client.callTool("show_roots");
    await client.setRoots([uri("b")]);
    await until(async () => textOf(await client.callTool("show_roots")) === JSON.stringify([uri("b")]));
    expect(callers).toEqual([[uri("a")], [uri("b")]]);
  });

  test("that are none are different from roots that are not offered", async () => {
    const none = await connect(rooted().server, { ...variant, roots: [] });
    expect(textOf(await none.callTool("show_roots"))).toBe("[]");
    const unable = await connect(rooted().server, variant);
    expect(textOf(await unable.callTool("show_roots"))).toBe('"none offered"');
  });

  test("are not asked for again by each call", async () => {
    const { server, callers } = rooted();
    const client = await connect(server, { ...variant, roots: [uri("a")] });
    await Promise.all(Array.from({ length: 8 }, () => client.callTool("show_roots")));
    await client.listTools();
    expect(callers).toHaveLength(1);
  });

  test("that the server cannot work with refuse every call until they change", async () => {
    const { server } = rooted();
    const choosy = {
      ...server,
      forCaller: (
        services: object,
        caller: { id: string; scopes: "all" | ReadonlySet<string>; roots?: readonly string[] | undefined },
      ) => {
        if (caller.roots?.includes(uri("bad"))) throw new ConfigError("bad is no folder");
        return server.forCaller(services, caller);
      },
    };
    const client = await connect(choosy, { ...variant, roots: [uri("bad")] });
    expect(textOf(await client.callTool("show_roots"))).toMatch(/^UNAVAILABLE: bad is no folder/);
    await client.setRoots([uri("good")]);
    await until(async () => textOf(await client.callTool("show_roots")) === JSON.stringify([uri("good")]));
  });

  test("that change keep the subscriptions which are still allowed, and end the others", async () => {
    const { server, live } = rooted();
    const client = await connect(server, { ...variant, roots: [uri("a"), uri("b")] });
    const updates: unknown[] = [];
    client.onNotification(({ params }) => updates.push(params?.["uri"]));
    await client.subscribe("folder:///a");
    await client.subscribe("folder:///b");
    await client.setRoots([uri("b"), uri("c")]);
    await until(() => !live.has("a") && live.has("b"));
    live.get("b")?.();
    await until(() => updates.length > 0);
    expect(updates).toEqual(["folder:///b"]);
    await client.unsubscribe("folder:///b");
    await until(() => live.size === 0);
  });

  test("a client that fails to name its roots shares none", async () => {
    const { server } = rooted();
    const client = await connect(server, { ...variant, roots: ["not a uri at all"] });
    const shown = textOf(await client.callTool("show_roots"));
    expect(["[]", '["not a uri at all"]']).toContain(shown);
  });
});

test("a 2026 client is not asked for its roots", async () => {
  const { server, callers } = rooted();
  const client = await connect(server, { sdk: "v2", era: "2026", roots: [uri("a")] });
  expect(textOf(await client.callTool("show_roots"))).toBe('"none offered"');
  expect(callers).toEqual([undefined]);
});

describe("a client that is slow to name its roots", () => {
  /** Sends one request after the handshake and leaves the server's own question open. */
  async function answerTo(method: string, params: Record<string, unknown>, argv: string[] = []) {
    const { transport, close } = await serveInMemory(rooted().server, { argv, onLog: () => {} });
    onTestFinished(close);
    const answer = deferred<JsonRpcMessage>();
    transport.onmessage = (message) => {
      if ("id" in message && message.id === "asked") answer.resolve(message as JsonRpcMessage);
    };
    await transport.start();
    const clientInfo = { name: "raw", version: "1.0.0" };
    const hello = { protocolVersion: "2025-11-25", capabilities: { roots: {} }, clientInfo };
    await transport.send({ jsonrpc: "2.0", id: "hello", method: "initialize", params: hello });
    await transport.send({ jsonrpc: "2.0", method: "notifications/initialized" });
    const asked = performance.now();
    await transport.send({ jsonrpc: "2.0", id: "asked", method, params });
    const { result } = await answer.promise;
    expect(performance.now() - asked).toBeLessThan(LESS_THAN_THE_ROOTS_TIMEOUT_MS);
    return result;
  }

  test("has its lists at once", async () => {
    expect(await answerTo("tools/list", {})).toMatchObject({ tools: [{ name: "show_roots" }] });
  });

  test("does not make a call longer than its deadline", async () => {
    const result = await answerTo("tools/call", { name: "show_roots" }, ["--timeout", "0.1"]);
    expect(result).toMatchObject({ isError: true, _meta: { error: { code: "TIMEOUT" } } });
  });
});
