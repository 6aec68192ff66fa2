import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type RequestListener } from "node:http";
import { type AddressInfo, connect, type LookupFunction } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { AllowedHosts } from "./allowed-hosts.js";
import { guardedConnector } from "./guarded-connector.js";
import { HostRules } from "./host-rules.js";
import { createUrlGuard, type UrlGuardOptions } from "./url-guard.js";

const cleanUps: (() => unknown)[] = [];

afterEach(async () => {
  for (const clean of cleanUps.splice(0).reverse()) await clean();
});

function guardWith(options: UrlGuardOptions = {}) {
  const guard = createUrlGuard(options);
  cleanUps.push(() => guard.close());
  return guard;
}

/** A web server on 127.0.0.1 that counts the connections it was given. */
async function serve(listener: RequestListener) {
  const server = createServer(listener);
  let connections = 0;
  server.on("connection", () => connections++);
  await once(server.listen(0, "127.0.0.1"), "listening");
  cleanUps.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { port, url: `http://127.0.0.1:${port}/`, connections: () => connections };
}

const hello: RequestListener = (_request, response) => response.end("hello");

/** Answers each look-up with the next list, the last one again and again. */
function answering(...answers: string[][]): LookupFunction {
  return (_hostname, _options, callback) => {
    const addresses = (answers.length > 1 ? answers.shift() : answers[0]) ?? [];
    callback(
      null,
      addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 })),
    );
  };
}

const denied = expect.objectContaining({ code: "PERMISSION_DENIED" });
const unavailable = expect.objectContaining({ code: "UNAVAILABLE" });

describe("connections", () => {
  test("reach an allowed host, and this machine only then", async () => {
    const { url, port, connections } = await serve(hello);
    await expect(guardWith().request(url)).rejects.toThrow(denied);
    expect(connections()).toBe(0);
    const guard = guardWith({ allowPrivateHosts: [`127.0.0.1:${port}`] });
    const response = await guard.request(url);
    expect([response.status, await response.body.text()]).toEqual([200, "hello"]);
  });

  test("are not made to a name that resolves to a private address", async () => {
    const { port, connections } = await serve(hello);
    for (const addresses of [
      ["127.0.0.1"],
      ["::1"],
      ["93.184.215.14", "127.0.0.1"],
      ["::ffff:127.0.0.1"],
      ["10.0.0.1"],
    ]) {
      const guard = guardWith({ lookup: answering(addresses) });
      await expect(guard.request(`http://rebound.test:${port}/`)).rejects.toThrow(denied);
    }
    expect(connections()).toBe(0);
  });

  test("are looked at again each time: a name may change its mind", async () => {
    const { port, connections } = await serve((_request, response) => {
      response.setHeader("connection", "close").end("hello");
    });
    const lookup = answering(["127.0.0.1"]);
    const guard = guardWith({ allowPrivateHosts: ["mine.test"], lookup });
    await (await guard.request(`http://mine.test:${port}/`)).body.drop();
    await expect(guard.request(`http://other.test:${port}/`)).rejects.toThrow(denied);
    expect(connections()).toBe(1);
  });

  test("are closed when the other end is not who the look-up said", async () => {
    const { port } = await serve(hello);
    const elsewhere = guardedConnector(
      () => (_options, callback) => {
        const socket = connect(port, "127.0.0.1", () => callback(null, socket));
      },
      new HostRules(new AllowedHosts([])),
    );
    const error = await new Promise((resolve) =>
      elsewhere({ hostname: "example.com", protocol: "http:", port: "" }, (...[error]) => resolve(error)),
    );
    expect(error).toEqual(denied);
  });

  test("go to the dispatcher's user with the same guard", async () => {
    const { url } = await serve(hello);
    const { request } = await import("undici");
    await expect(request(url, { dispatcher: await guardWith().dispatcher() })).rejects.toThrow(denied);
  });

  test("do not ask the environment for a proxy", async () => {
    const { url, port } = await serve(hello);
    const proxy = await serve((_request, response) => response.writeHead(500).end());
    const before = { ...process.env };
    Object.assign(process.env, { http_proxy: proxy.url, HTTP_PROXY: proxy.url, ALL_PROXY: proxy.url });
    cleanUps.push(() => {
      process.env = before;
    });
    const guard = guardWith({ allowPrivateHosts: [`127.0.0.1:${port}`, `127.0.0.1:${proxy.port}`] });
    expect((await guard.request(url)).status).toBe(200);
    expect(proxy.connections()).toBe(0);
  });
});

describe("redirects", () => {
  const redirecting = (location: () => string, status = 302): RequestListener => {
    return (request, response) => {
      if (request.url === "/end") response.end("end");
      else response.writeHead(status, { location: location() }).end();
    };
  };

  test("are left to the caller unless asked for", async () => {
    const { url } = await serve(redirecting(() => "/end"));
    const response = await guardWith({ allowPrivateHosts: ["127.0.0.1"] }).request(url);
    response.body.drop();
    expect(response.status).toBe(302);
  });

  test("are followed as far as asked for", async () => {
    const { url } = await serve(redirecting(() => "/end"));
    const guard = guardWith({ allowPrivateHosts: ["127.0.0.1"] });
    const response = await guard.request(url, { maxRedirects: 1 });
    expect([response.url.pathname, await response.body.text()]).toEqual(["/end", "end"]);
    const loop = await serve(redirecting(() => "/"));
    await expect(guard.request(loop.url, { maxRedirects: 3 })).rejects.toThrow(
      expect.objectContaining({ code: "UPSTREAM" }),
    );
    expect(loop.connections()).toBeLessThanOrEqual(4);
  });

  test.each([
    "http://127.0.0.2/",
    "http://2130706434/",
    "http://[::1]/",
    "http://169.254.169.254/latest/",
    "//10.0.0.1/",
    "http://localhost/",
  ])("are not followed to %s", async (location) => {
    const { url } = await serve(redirecting(() => location));
    const guard = guardWith({ allowPrivateHosts: ["127.0.0.1"] });
    await expect(guard.request(url, { maxRedirects: 5 })).rejects.toThrow(denied);
  });

  test.each(["file:///etc/passwd", "gopher://example.com/"])("are not followed to %s", async (location) => {
    const { url } = await serve(redirecting(() => location));
    const guard = guardWith({ allowPrivateHosts: ["127.0.0.1"] });
    await expect(guard.request(url, { maxRedirects: 5 })).rejects.toThrow(
      expect.objectContaining({ code: "UNSUPPORTED" }),
    );
  });

  test("carry credentials to no other origin", async () => {
    const seen: IncomingHttpHeaders[] = [];
    const record: RequestListener = (request, response) => {
      seen.push(request.headers);
      response.end();
    };
    const other = await serve(record);
    const { url } = await serve((request, response) => {
      seen.push(request.headers);
      response.writeHead(307, { location: other.url }).end();
    });
    const guard = guardWith({ allowPrivateHosts: ["127.0.0.1"] });
    const headers = { authorization: "Bearer s3cret", "x-api-key": "s3cret", cookie: "a=s3cret", accept: "text/plain" };
    (await guard.request(url, { maxRedirects: 1, headers })).body.drop();
    const [first, second] = seen;
    expect(first).toMatchObject(headers);
    expect(second).toMatchObject({ accept: "text/plain" });
    expect(JSON.stringify(second)).not.toContain("s3cret");
  });

  test("never take a body elsewhere", async () => {
    const { url } = await serve(redirecting(() => "/end", 307));
    const guard = guardWith({ allowPrivateHosts: ["127.0.0.1"] });
    const response = await guard.request(url, { method: "POST", body: "secret", maxRedirects: 5 });
    response.body.drop();
    expect(response.status).toBe(307);
  });
});

describe("bounds", () => {
  const local = () => guardWith({ allowPrivateHosts: ["127.0.0.1"] });

  test("a body is as large as the caller takes, whatever its headers say", async () => {
    const { url } = await serve((_request, response) => {
      response.write("x".repeat(100_000));
      response.end("x".repeat(100_000));
    });
    const { body } = await local().request(url, { maxBytes: 150_000 });
    await expect(body.bytes()).rejects.toThrow(expect.objectContaining({ code: "TOO_LARGE" }));
    expect((await (await local().request(url, { maxBytes: 200_000 })).body.bytes()).length).toBe(200_000);
  });

  test("silence ends, before the headers and after them", async () => {
    const mute = await serve(() => {});
    await expect(local().request(mute.url, { silenceMs: 20 })).rejects.toThrow(unavailable);
    const stuck = await serve((_request, response) => void response.write("begun"));
    const { body } = await local().request(stuck.url, { silenceMs: 20 });
    await expect(body.bytes()).rejects.toThrow(unavailable);
  });

  test("the caller can end it at any time, with a reason of its own", async () => {
    const reason = new Error("enough");
    const mute = await serve(() => {});
    await expect(local().request(mute.url, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const begun = new AbortController();
    const stuck = await serve((_request, response) => void response.write("begun"));
    const { body } = await local().request(stuck.url, { signal: begun.signal });
    const all = body.bytes();
    begun.abort(reason);
    await expect(all).rejects.toBe(reason);
  });

  test("a broken connection is UNAVAILABLE, with the host and no more", async () => {
    const { url, port } = await serve((_request, response) => {
      response.writeHead(200, { "content-length": "1000" }).write("half", () => response.destroy());
    });
    const { body } = await local().request(url);
    await expect(body.bytes()).rejects.toThrow(unavailable);
    const closed = await serve((request) => request.socket.destroy());
    await expect(local().request(closed.url)).rejects.toThrow(unavailable);
    expect(port).not.toBe(closed.port);
  });

  test("a port nobody listens on, a name nobody knows", async () => {
    const gone = createServer();
    await once(gone.listen(0, "127.0.0.1"), "listening");
    const { port } = gone.address() as AddressInfo;
    gone.close();
    await expect(local().request(`http://127.0.0.1:${port}/`)).rejects.toThrow(
      `127.0.0.1:${port} refused the connection`,
    );
    const unknown: LookupFunction = (_name, _options, callback) =>
      callback(Object.assign(new Error("getaddrinfo"), { code: "ENOTFOUND" }), []);
    await expect(guardWith({ lookup: unknown }).request("https://nowhere.test/")).rejects.toThrow(unavailable);
  });

  test("a body that is streamed arrives whole", async () => {
    const { url } = await serve((request, response) => void request.pipe(response));
    async function* pieces() {
      yield Buffer.from("a");
      yield Buffer.from("b");
    }
    const response = await local().request(url, { method: "POST", body: pieces() });
    expect(await response.body.text()).toBe("ab");
  });
});
