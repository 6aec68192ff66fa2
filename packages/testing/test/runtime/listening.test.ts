import { describe, expect, test } from "vitest";
import { deferred } from "../../src/index.js";
import { envelope, rawPeer } from "./raw-peer.js";
import { settled, until } from "./until.js";
import { watched } from "./watched.js";

describe("a 2026 listener that goes its own way", () => {
  const listen = (id: string, uris: unknown) => ({
    jsonrpc: "2.0",
    id,
    method: "subscriptions/listen",
    params: { _meta: envelope(), notifications: { resourceSubscriptions: uris } },
  });
  const cancel = (requestId: string) => ({
    jsonrpc: "2.0",
    method: "notifications/cancelled",
    params: { _meta: envelope(), requestId },
  });

  test("is told which of its resources it gets", async () => {
    const { server, live } = watched();
    const peer = await rawPeer(server);
    peer.send(listen("l", ["note:///a", "note:///private", "nowhere:///", 7, "note:///b"]));
    const { params } = await peer.receive(({ method }) => method === "notifications/subscriptions/acknowledged");
    expect(params?.["notifications"]).toMatchObject({ resourceSubscriptions: ["note:///a", "note:///b"] });
    expect([...live.keys()]).toEqual(["a", "b"]);
  });

  test("takes a cancel that overtakes the start of its watch at its word", async () => {
    const gate = deferred();
    const { server, live, started } = watched({ begin: () => gate.promise });
    const peer = await rawPeer(server);
    peer.send(listen("l", ["note:///a"]));
    await until(() => started.length === 1);
    peer.send(cancel("l"));
    gate.resolve();
    await settled();
    expect(live.size).toBe(0);
  });

  test("shares one watch with its other listeners, which end one by one", async () => {
    const { server, live } = watched();
    const peer = await rawPeer(server);
    for (const id of ["l1", "l2"]) {
      peer.send(listen(id, ["note:///a"]));
      await peer.receive(
        ({ method, params }) =>
          method === "notifications/subscriptions/acknowledged" && JSON.stringify(params).includes(`"${id}"`),
      );
    }
    expect(live.get("a")?.size).toBe(1);
    peer.send(cancel("l1"));
    await settled();
    expect(live.get("a")?.size).toBe(1);
    peer.send(cancel("l2"));
    await until(() => live.size === 0);
  });

  test.each([[null], ["note:///a"], [{}], [[]], [[null]]])(
    "may name its resources as %j without harm",
    async (uris) => {
      const { server, live } = watched();
      const peer = await rawPeer(server);
      peer.send(listen("l", uris));
      expect((await peer.request("resources/templates/list")).result).toBeDefined();
      expect(live.size).toBe(0);
    },
  );

  test("gets many resources by one request, and they end together", async () => {
    const { server, live } = watched();
    const peer = await rawPeer(server);
    peer.send(
      listen(
        "l",
        Array.from({ length: 200 }, (_, index) => `note:///${index}`),
      ),
    );
    await peer.receive(({ method }) => method === "notifications/subscriptions/acknowledged");
    expect(live.size).toBe(200);
    peer.send(cancel("l"));
    await until(() => live.size === 0);
  });
});
