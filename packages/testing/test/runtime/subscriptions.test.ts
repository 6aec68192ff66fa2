import { connect as connectClient } from "@mcp-reference/client";
import { serveInMemory } from "@mcp-reference/runtime";
import fc from "fast-check";
import { describe, expect, onTestFinished, test } from "vitest";
import { connect, deferred, variants } from "../../src/index.js";
import { settled, until } from "./until.js";
import { watched } from "./watched.js";

describe.each(variants)("subscriptions of $variant", (variant) => {
  async function subscriber(given = watched()) {
    const client = await connect(given.server, variant);
    const updates: unknown[] = [];
    client.onNotification(({ method, params }) => {
      if (method === "notifications/resources/updated") updates.push(params?.["uri"]);
    });
    return { ...given, client, updates };
  }

  test("the server says that resources can be subscribed to", async () => {
    const { client } = await subscriber();
    expect(client.capabilities.resources).toMatchObject({ subscribe: true });
  });

  test("nothing is watched until somebody subscribes, then just that", async () => {
    const { client, live, updates, change } = await subscriber();
    await client.listResourceTemplates();
    await client.readResource("note:///a");
    expect(live.size).toBe(0);
    await client.subscribe("note:///a");
    expect([...live.keys()]).toEqual(["a"]);
    change("a");
    await until(() => updates.length > 0);
    expect(updates).toEqual(["note:///a"]);
  });

  test("each of several subscriptions ends alone", async () => {
    const { client, live, updates, change } = await subscriber();
    for (const name of ["a", "b", "c"]) await client.subscribe(`note:///${name}`);
    expect([...live.keys()].sort()).toEqual(["a", "b", "c"]);
    await client.unsubscribe("note:///b");
    await until(() => !live.has("b"));
    for (const name of ["a", "b", "c"]) change(name);
    await until(() => updates.length >= 2);
    await settled();
    expect(updates).toEqual(["note:///a", "note:///c"]);
  });

  test("a watch may be begun again after it ended", async () => {
    const { client, live, updates, change } = await subscriber();
    for (let round = 0; round < 3; round++) {
      await client.subscribe("note:///a");
      expect(live.get("a")?.size).toBe(1);
      await client.unsubscribe("note:///a");
      await until(() => live.size === 0);
    }
    change("a");
    await settled();
    expect(updates).toEqual([]);
  });

  test("subscribing twice is watching once, and unsubscribing once ends it", async () => {
    const { client, live, updates, change } = await subscriber();
    await client.subscribe("note:///a");
    await client.subscribe("note:///a");
    expect(live.get("a")?.size).toBe(1);
    change("a");
    await until(() => updates.length > 0);
    await settled();
    expect(updates).toHaveLength(1);
    await client.unsubscribe("note:///a");
    await until(() => live.size === 0);
  });

  test.each(["note:///private", "fixed:///", "other:///x", "not a uri"])("%s is not granted", async (uri) => {
    const { client, live } = await subscriber();
    await expect(client.subscribe(uri)).rejects.toThrow();
    expect(live.size).toBe(0);
    await client.subscribe("note:///a");
    expect([...live.keys()]).toEqual(["a"]);
  });

  test("unsubscribing from what was never subscribed changes nothing", async () => {
    const { client, live } = await subscriber();
    await client.subscribe("note:///a");
    await client.unsubscribe("note:///z");
    expect([...live.keys()]).toEqual(["a"]);
  });

  test("a watch that ends before it has begun is stopped once it has", async () => {
    const gate = deferred();
    const { client, live, started } = await subscriber(watched({ begin: () => gate.promise }));
    const subscribing = client.subscribe("note:///a").catch(() => {});
    await until(() => started.length === 1);
    const closing = client.close();
    gate.resolve();
    await Promise.all([subscribing, closing]);
    await settled();
    expect(live.size).toBe(0);
  });

  test("a thousand resources can be watched, and no more until one is let go", async () => {
    const { client, live } = await subscriber();
    const uris = Array.from({ length: 1000 }, (_, index) => `note:///${index}`);
    for (const uri of uris) await client.subscribe(uri);
    await expect(client.subscribe("note:///one-more")).rejects.toThrow();
    expect(live.size).toBe(1000);
    await client.unsubscribe("note:///0");
    await until(() => live.size === 999);
    await client.subscribe("note:///one-more");
    expect(live.size).toBe(1000);
  });

  test("closing the connection ends its watches", async () => {
    const { client, live } = await subscriber();
    await client.subscribe("note:///a");
    await client.subscribe("note:///b");
    await client.close();
    await until(() => live.size === 0);
  });

  test("a flood of changes neither fails nor is lost to another subscriber", async () => {
    const { client, updates, change } = await subscriber();
    await client.subscribe("note:///a");
    await client.subscribe("note:///b");
    for (let count = 0; count < 500; count++) change("a");
    change("b");
    await until(() => updates.includes("note:///b"));
  });
});

test.each(variants)("a client that is gone is watched for no more ($variant)", async (variant) => {
  const { server, live } = watched();
  const served = await serveInMemory(server, { onLog: () => {} });
  onTestFinished(served.close);
  const client = await connectClient({ transport: served.transport }, variant);
  await client.subscribe("note:///a");
  expect(live.size).toBe(1);
  await client.close();
  await until(() => live.size === 0);
});

test("whatever the order of subscriptions that overlap, what is watched in the end is what was asked for last", async () => {
  const step = fc.record({ name: fc.constantFrom("a", "b"), on: fc.boolean(), turns: fc.nat(3) });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
      const turns = steps.map((each) => each.turns);
      const begin = async () => {
        for (let turn = turns.pop() ?? 0; turn > 0; turn--) await new Promise(setImmediate);
      };
      const { server, live } = watched({ begin });
      await using client = await connect(server, { sdk: "v2", era: "2025" });
      const wanted = new Set<string>();
      const sent = steps.map(({ name, on }) => {
        if (on) wanted.add(name);
        else wanted.delete(name);
        return on ? client.subscribe(`note:///${name}`) : client.unsubscribe(`note:///${name}`);
      });
      await Promise.all(sent);
      await until(() => [...live.keys()].sort().join() === [...wanted].sort().join());
      for (const watchers of live.values()) expect(watchers.size).toBe(1);
    }),
    { numRuns: 150 },
  );
});
