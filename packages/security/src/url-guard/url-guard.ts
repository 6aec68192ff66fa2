import type { LookupFunction } from "node:net";
import type { Agent, Dispatcher } from "undici";
import { AllowedHosts } from "./allowed-hosts.js";
import { checkUrl } from "./check-url.js";
import { guardedConnector } from "./guarded-connector.js";
import { type GuardedRequest, type GuardedResponse, guardedRequest } from "./guarded-request.js";
import { HostRules } from "./host-rules.js";

export interface UrlGuardOptions {
  /** Hosts that may be private: `git.corp.example`, `10.0.0.5:8080`, `[::1]`. */
  allowPrivateHosts?: readonly string[] | undefined;
  /** Longest wait for a connection, with TLS. Default 10,000. */
  connectTimeoutMs?: number | undefined;
  /** Resolves names instead of the system; its answers are checked all the same. */
  lookup?: LookupFunction | undefined;
}

/** What requests to the outside go through: only public hosts, and those that the configuration allows, are reached. */
export interface UrlGuard {
  /** The parsed URL. @throws ToolError INVALID_ARGUMENT, UNSUPPORTED, PERMISSION_DENIED */
  check(url: string | URL): URL;
  /** For a client built on undici. It follows no redirect and takes no proxy from the environment. */
  dispatcher(): Promise<Dispatcher>;
  /**
   * One exchange, redirects followed where asked for.
   * @throws ToolError as {@link check}; UNAVAILABLE, UPSTREAM, TOO_LARGE; what the signal was aborted with
   */
  request(url: string | URL, request?: GuardedRequest): Promise<GuardedResponse>;
  /** Ends the connections, also those in use. */
  close(): Promise<void>;
}

/** @throws RangeError when `allowPrivateHosts` holds something that is no host */
export function createUrlGuard({ allowPrivateHosts = [], connectTimeoutMs, lookup }: UrlGuardOptions = {}): UrlGuard {
  const rules = new HostRules(new AllowedHosts(allowPrivateHosts));
  let agent: Promise<Agent> | undefined;

  // Loaded with the first request: most processes that could make one never do.
  async function open(): Promise<Agent> {
    const { Agent, buildConnector } = await import("undici");
    const connect = guardedConnector((settings) => buildConnector(settings), rules, {
      ...(lookup && { lookup }),
      ...(connectTimeoutMs !== undefined && { timeoutMs: connectTimeoutMs }),
    });
    return new Agent({ connect, connections: 16, pipelining: 1 });
  }

  const dispatcher = () => {
    agent ??= open();
    return agent;
  };
  const check = (url: string | URL) => checkUrl(url, rules);
  return {
    check,
    dispatcher,
    request: (url, request = {}) => guardedRequest({ check, dispatcher }, url, request),
    async close() {
      const opened = agent;
      agent = undefined;
      await (await opened)?.destroy();
    },
  };
}
