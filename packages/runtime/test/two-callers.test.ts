import { InMemoryTransport, type JSONRPCMessage } from "@modelcontextprotocol/server";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import * as z from "zod";
import { sharedOptions } from "../src/config/shared.js";
import {
  type Caller,
  confirm,
  define,
  defineServer,
  deletes,
  type OpenServices,
  reads,
  type SharedConfig,
  text,
} from "../src/index.js";
import { createLogger } from "../src/process/logs.js";
import { type App, openApp } from "../src/serve/app.js";
import { serve } from "../src/serve/serve.js";

interface Services extends OpenServices {
  shelf: string;
}

const { tool } = define<Services>();
const held: (() => void)[] = [];
const removed: string[] = [];

const definition = defineServer({
  name: "shared",
  version: "1.0.0",
  description: "One process, several callers.",
  instructions: "",
  config: z.object({}),
  open: (): Services => ({ shelf: "everybody's" }),
  forCaller: (_, { id }) => ({ shelf: `${id}'s` }),
  needs: { fs: "none", network: false, childProcesses: [], workers: false },
  tools: [
    tool({
      name: "list_shelf",
      description: "Pages.",
      effect: reads(),
      input: z.strictObject({ cursor: z.string().optional().describe("Cursor") }),
      output: z.object({ shelf: z.string().describe("Whose"), nextCursor: z.string().describe("Next") }),
      handle: ({ cursor }, { shelf, cursors }) => {
        const page = cursor === undefined ? 0 : cursors.open(cursor, z.number());
        return { shelf: `${shelf} ${page}`, nextCursor: cursors.seal(page + 1) };
      },
    }),
    tool({
      name: "clear_shelf",
      description: "Clears.",
      effect: deletes(),
      input: z.strictObject({}),
      ask: () => confirm("Clear it?"),
      handle: (_, { shelf }) => {
        removed.push(shelf);
        return text("cleared");
      },
    }),
    tool({
      name: "hold",
      description: "Holds.",
      effect: reads(),
      input: z.strictObject({}),
      handle: () => new Promise<ReturnType<typeof text>>((resolve) => held.push(() => resolve(text("held")))),
    }),
  ],
});

async function openShared(settings: Partial<SharedConfig> = {}): Promise<App> {
  const shared = { ...sharedOptions({ readOnly: false }).parse({}), ...settings };
  const log = createLogger({ server: "shared", level: "fatal" });
  const app = await openApp(definition, { config: {}, shared, log });
  onTestFinished(() => app.close());
  return app;
}

type Reply = { result?: Record<string, unknown>; error?: { code: number } };

/** A connection of one caller to the app that others are connected to. @returns calls a tool */
async function connect(app: App, caller: Caller) {
  const [near, far] = InMemoryTransport.createLinkedPair();
  const connection = serve(app, far, { caller });
  onTestFinished(() => connection.close());
  const waiting = new Map<unknown, (reply: Reply) => void>();
  near.onmessage = (message: JSONRPCMessage) => {
    if ("id" in message) waiting.get(message.id)?.(message as Reply);
  };
  await near.start();
  let id = 0;
  return (name: string, args: Record<string, unknown> = {}, more: Record<string, unknown> = {}) => {
    const own = id++;
    const _meta = {
      "io.modelcontextprotocol/protocolVersion": "2026-07-28",
      "io.modelcontextprotocol/clientInfo": { name: "raw", version: "1.0.0" },
      "io.modelcontextprotocol/clientCapabilities": more["capabilities"] ?? {},
    };
    const reply = new Promise<Reply>((resolve) => waiting.set(own, resolve));
    const params = { name, arguments: args, _meta, ...more };
    void near.send({ jsonrpc: "2.0", id: own, method: "tools/call", params });
    return reply;
  };
}

const alice: Caller = { id: "alice", scopes: "all" };
const bob: Caller = { id: "bob", scopes: "all" };
const reader: Caller = { id: "reader", scopes: new Set(["shared:read"]) };

const errorOf = ({ result }: Reply) =>
  (result?.["_meta"] as { error?: { code: string; details?: Record<string, string> } } | undefined)?.error;

beforeEach(() => {
  held.length = 0;
  removed.length = 0;
});

describe("two callers of one process", () => {
  test("each get their own services", async () => {
    const app = await openShared();
    const [asAlice, asBob] = [await connect(app, alice), await connect(app, bob)];
    const replies = await Promise.all([asAlice("list_shelf"), asBob("list_shelf")]);
    expect(replies.map(({ result }) => result?.["structuredContent"])).toMatchObject([
      { shelf: "alice's 0" },
      { shelf: "bob's 0" },
    ]);
  });

  test("cannot use each other's cursors", async () => {
    const app = await openShared();
    const [asAlice, asBob] = [await connect(app, alice), await connect(app, bob)];
    const first = await asAlice("list_shelf");
    const page = first.result?.["structuredContent"] as { nextCursor: string } | undefined;
    const cursor = page?.nextCursor;
    expect(errorOf(await asBob("list_shelf", { cursor }))).toMatchObject({ code: "INVALID_ARGUMENT" });
    const again = await (await connect(app, alice))("list_shelf", { cursor });
    expect(again.result?.["structuredContent"]).toMatchObject({ shelf: "alice's 1" });
  });

  test("cannot use each other's confirmations", async () => {
    const app = await openShared();
    const [asAlice, asBob] = [await connect(app, alice), await connect(app, bob)];
    const confirmation = errorOf(await asAlice("clear_shelf"))?.details?.["confirmation"];
    expect((await asBob("clear_shelf", { confirmation })).result?.["isError"]).toBe(true);
    expect(removed).toEqual([]);
    await asAlice("clear_shelf", { confirmation });
    expect(removed).toEqual(["alice's"]);
  });

  test("cannot answer each other's questions", async () => {
    const app = await openShared();
    const [asAlice, asBob] = [await connect(app, alice), await connect(app, bob)];
    const capabilities = { elicitation: { form: {} } };
    const asked = await asAlice("clear_shelf", {}, { capabilities });
    const requestState = asked.result?.["requestState"];
    expect(typeof requestState).toBe("string");
    const inputResponses = { answer: { action: "accept", content: { approve: true } } };
    const reply = await asBob("clear_shelf", {}, { capabilities, requestState, inputResponses });
    expect(reply.error ?? errorOf(reply)).toBeDefined();
    expect(removed).toEqual([]);
    await asAlice("clear_shelf", {}, { capabilities, requestState, inputResponses });
    expect(removed).toEqual(["alice's"]);
  });

  test("do not wait for each other's calls", async () => {
    const app = await openShared();
    const [asAlice, asBob] = [await connect(app, alice), await connect(app, bob)];
    const busy = Array.from({ length: 72 }, () => asAlice("hold"));
    expect(errorOf(await asAlice("list_shelf"))).toMatchObject({ code: "RATE_LIMITED" });
    expect(errorOf(await asBob("list_shelf"))).toBeUndefined();
    while (held.length > 0) {
      held.splice(0).forEach((release) => void release());
      await new Promise(setImmediate);
    }
    await Promise.all(busy);
  });

  test("do not use up each other's rate, but share theirs over all their connections", async () => {
    const app = await openShared({ rateLimit: 6 });
    const [one, two, asBob] = [await connect(app, alice), await connect(app, alice), await connect(app, bob)];
    const replies: Reply[] = [];
    for (let call = 0; call < 10; call++) replies.push(await one("list_shelf"), await two("list_shelf"));
    expect(replies.filter((reply) => errorOf(reply)?.code === "RATE_LIMITED").length).toBeGreaterThan(10);
    expect(errorOf(await asBob("list_shelf"))).toBeUndefined();
  });

  test("may do what their scopes say", async () => {
    const app = await openShared();
    const asReader = await connect(app, reader);
    expect(errorOf(await asReader("list_shelf"))).toBeUndefined();
    expect(errorOf(await asReader("clear_shelf"))).toMatchObject({
      code: "PERMISSION_DENIED",
      details: { scope: "shared:delete" },
    });
  });
});
