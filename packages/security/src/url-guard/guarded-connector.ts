import { type LookupAddress, lookup as systemLookup } from "node:dns";
import type { LookupFunction } from "node:net";
import type { buildConnector } from "undici";
import { portOf } from "./allowed-hosts.js";
import type { HostRules } from "./host-rules.js";

type Connector = buildConnector.connector;

/** Makes connections with the given settings and look-up: `buildConnector` of undici, in production. */
export type MakeConnector = (settings: { lookup: LookupFunction; timeout: number }) => Connector;

/**
 * A connector for undici that reaches public and allowed hosts only. The host is checked three times, since a URL with an
 * address is never looked up, and a name may be looked up again with another answer: as it is spelled, by every address that it
 * resolves to (all of them: which one is taken depends on who answers first), and by the address at the other end.
 */
export function guardedConnector(
  make: MakeConnector,
  rules: HostRules,
  { lookup = systemLookup as LookupFunction, timeoutMs = 10_000 }: { lookup?: LookupFunction; timeoutMs?: number } = {},
): Connector {
  return (options, callback) => {
    const port = portOf(options);
    const fail = (error: unknown) => callback(error as Error, null);
    try {
      rules.checkHost(options.hostname, port);
    } catch (error) {
      return queueMicrotask(() => fail(error));
    }
    const connect = make({ lookup: guardedLookup(lookup, rules, port), timeout: timeoutMs });
    connect(options, (...[error, socket]) => {
      if (error) return fail(error);
      try {
        rules.checkAddress(options.hostname, port, socket.remoteAddress);
      } catch (denial) {
        socket.destroy();
        return fail(denial);
      }
      callback(null, socket);
    });
  };
}

/** A look-up that fails unless each address may be connected to. */
function guardedLookup(lookup: LookupFunction, rules: HostRules, port: string): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found) => {
      if (error) return callback(error, []);
      const addresses = typeof found === "string" ? [{ address: found, family: found.includes(":") ? 6 : 4 }] : found;
      const first: LookupAddress | undefined = addresses[0];
      try {
        for (const { address } of addresses) rules.checkAddress(hostname, port, address);
      } catch (denial) {
        return callback(denial as NodeJS.ErrnoException, []);
      }
      if (options.all || !first) return callback(null, addresses);
      callback(null, first.address, first.family);
    });
  };
}
