import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { buffer } from "node:stream/consumers";

import { expect, it, onTestFinished } from "vitest";
import { startFaultProxy } from "../src/index.js";

/** Sends back what it gets. */
async function startEcho() {
  const sockets: Socket[] = [];
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.push(socket);
    socket.on("error", () => {}).pipe(socket);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  onTestFinished(() => void server.close());
  return { port: (server.address() as AddressInfo).port, sockets };
}

async function connectTo(port: number): Promise<Socket> {
  const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
  onTestFinished(() => void socket.destroy());
  await once(socket, "connect");
  return socket;
}

async function ask(socket: Socket, words: string): Promise<string> {
  const answer = once(socket, "data");
  socket.write(words);
  return String((await answer)[0]);
}

const failure = (socket: Socket): Promise<NodeJS.ErrnoException> => once(socket, "error").then(([error]) => error);

it("passes bytes and ends in both directions", async () => {
  const echo = await startEcho();
  const proxy = await startFaultProxy(echo);
  const socket = await connectTo(proxy.port);
  const sent = Buffer.alloc(5_000_000, "0123456789");
  const received = buffer(socket);
  socket.end(sent);
  expect((await received).equals(sent)).toBe(true);
});

it("puts itself into a URL", async () => {
  const proxy = await startFaultProxy({ port: 1 });
  expect(proxy.url("postgres://me:secret@db.example:5432/sales?sslmode=disable")).toBe(
    `postgres://me:secret@127.0.0.1:${proxy.port}/sales?sslmode=disable`,
  );
  expect(proxy.url("https://api.example/v1")).toBe(`https://127.0.0.1:${proxy.port}/v1`);
});

it("resets what is open and takes new connections", async () => {
  const echo = await startEcho();
  const proxy = await startFaultProxy(echo);
  const socket = await connectTo(proxy.port);
  expect(await ask(socket, "one")).toBe("one");
  const [failed, upstreamFailed] = [failure(socket), failure(echo.sockets[0] as Socket)];
  proxy.cut();
  expect(await failed).toMatchObject({ code: "ECONNRESET" });
  expect(await upstreamFailed).toMatchObject({ code: "ECONNRESET" });
  expect(await ask(await connectTo(proxy.port), "two")).toBe("two");
});

it("refuses new connections on a closed port, and takes them there again", async () => {
  const proxy = await startFaultProxy(await startEcho());
  const open = await connectTo(proxy.port);
  expect(await ask(open, "one")).toBe("one");
  proxy.refuse();
  await expect(connectTo(proxy.port)).rejects.toMatchObject({ code: "ECONNREFUSED" });
  expect(await ask(open, "two")).toBe("two");
  const { port } = proxy;
  await proxy.resume();
  expect(proxy.port).toBe(port);
  expect(await ask(await connectTo(port), "three")).toBe("three");
});

it("swallows everything while stalled, and passes it afterwards", async () => {
  let seen = (_words: string) => {};
  const reached = new Promise<string>((resolve) => {
    seen = resolve;
  });
  const echo = await startEcho();
  const proxy = await startFaultProxy({ port: echo.port, onBytes: (bytes) => seen(String(bytes)) });
  proxy.stall();
  const socket = await connectTo(proxy.port);
  const received = buffer(socket);
  socket.end("held back");
  expect(await reached).toBe("held back");
  // Another connection makes a round trip meanwhile, so that "nothing arrived" is not just "not yet".
  expect(await ask(await connectTo(echo.port), "straight")).toBe("straight");
  expect(echo.sockets.some((peer) => peer.bytesRead === "held back".length)).toBe(false);
  expect(socket.closed).toBe(false);
  await proxy.resume();
  expect(String(await received)).toBe("held back");
});

it("cuts after so many bytes from the upstream, once", async () => {
  const proxy = await startFaultProxy(await startEcho());
  proxy.cutAfter(1_000_000);
  const socket = await connectTo(proxy.port);
  let received = 0;
  socket.on("data", (bytes) => {
    received += bytes.length;
  });
  socket.on("error", () => {}); // what was still being sent meets a closed connection
  const closed = once(socket, "close");
  socket.end(Buffer.alloc(3_000_000));
  await closed;
  expect(received).toBe(1_000_000);
  const sent = Buffer.alloc(2_000_000);
  const next = await connectTo(proxy.port);
  const all = buffer(next);
  next.end(sent);
  expect(await all).toHaveLength(sent.length);
});

it("delays each piece", async () => {
  const proxy = await startFaultProxy(await startEcho());
  const socket = await connectTo(proxy.port);
  proxy.delay(50);
  const start = performance.now();
  expect(await ask(socket, "late")).toBe("late");
  expect(performance.now() - start).toBeGreaterThanOrEqual(98); // twice 50, and timers may be 1 ms early
});

it("resets a connection whose upstream does not answer the door", async () => {
  const echo = await startEcho();
  const proxy = await startFaultProxy(echo);
  const gone = await startFaultProxy({ port: proxy.port });
  await proxy.close();
  expect(await failure(await connectTo(gone.port))).toMatchObject({ code: "ECONNRESET" });
});
