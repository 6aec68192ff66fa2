import type { IncomingHttpHeaders } from "node:http";
import { Readable } from "node:stream";
import { ToolError } from "@mcp-reference/validation";
import type { Dispatcher } from "undici";
import { GuardedBody } from "./guarded-body.js";
import { nextHop } from "./redirects.js";
import { asToolError } from "./upstream-errors.js";

export type Method = "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE";

export interface GuardedRequest {
  /** Default GET. */
  method?: Method | undefined;
  /** Names in lower case. */
  headers?: Readonly<Record<string, string>> | undefined;
  /** A stream is sent as it comes, with chunked coding. */
  body?: string | Uint8Array | AsyncIterable<Uint8Array> | undefined;
  /** Largest body that is taken, in bytes. Default 16 MiB. */
  maxBytes?: number | undefined;
  /** How many redirects of a GET or HEAD are followed. Default 0: a redirect is then a response like others. */
  maxRedirects?: number | undefined;
  /** Longest silence: before the headers, and between two pieces of the body. Default 30,000. */
  silenceMs?: number | undefined;
  signal?: AbortSignal | undefined;
}

export interface GuardedResponse {
  readonly status: number;
  /** Names in lower case; the first value of each. */
  readonly headers: Readonly<Record<string, string>>;
  /** Where it came from after redirects. */
  readonly url: URL;
  /** To be read to its end, or dropped: the connection is held until then. */
  readonly body: GuardedBody;
}

interface Guarded {
  check(url: string | URL): URL;
  dispatcher(): Promise<Dispatcher>;
}

/** See `UrlGuard.request`. */
export async function guardedRequest(
  guard: Guarded,
  target: string | URL,
  { maxRedirects = 0, ...request }: GuardedRequest,
): Promise<GuardedResponse> {
  const { method = "GET" } = request;
  let url = guard.check(target);
  let headers = request.headers ?? {};
  for (let left = maxRedirects; ; left--) {
    const response = await exchange(await guard.dispatcher(), url, { ...request, headers });
    const location = response.headers.location;
    const isRedirect = response.status >= 300 && response.status < 400 && location !== undefined;
    if (!isRedirect || maxRedirects === 0 || (method !== "GET" && method !== "HEAD")) return response;
    response.body.drop();
    if (left === 0) throw new ToolError("UPSTREAM", `${url.host} redirects more than ${maxRedirects} times`);
    const hop = nextHop({ from: url, location, headers });
    url = guard.check(hop.url);
    headers = hop.headers;
  }
}

async function exchange(
  dispatcher: Dispatcher,
  url: URL,
  { method = "GET", headers = {}, body, maxBytes = 16 * 1024 ** 2, silenceMs = 30_000, signal }: GuardedRequest,
): Promise<GuardedResponse> {
  signal?.throwIfAborted();
  try {
    const response = await dispatcher.request({
      origin: url.origin,
      path: url.pathname + url.search,
      method,
      headers,
      body: isStream(body) ? Readable.from(body, { objectMode: false }) : (body ?? null),
      headersTimeout: silenceMs,
      bodyTimeout: silenceMs,
      signal: signal ?? null,
    });
    return {
      status: response.statusCode,
      headers: firstValues(response.headers),
      url,
      body: new GuardedBody(response.body, { host: url.host, maxBytes, signal }),
    };
  } catch (error) {
    signal?.throwIfAborted();
    throw asToolError(error, url.host);
  }
}

const isStream = (body: GuardedRequest["body"]): body is AsyncIterable<Uint8Array> =>
  typeof body === "object" && Symbol.asyncIterator in body;

function firstValues(headers: IncomingHttpHeaders): Record<string, string> {
  const values = Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value[0] : value]);
  return Object.fromEntries(values.filter(([, value]) => value !== undefined));
}
