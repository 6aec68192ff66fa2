import { isIPv6 } from "node:net";

/** `host`, or `host:port`: what a URL's host and port are compared with. */
const ENTRY = /^(?<host>\[[\da-f:.]+\]|[^\s:/?#@*\\[\]]+)(?::(?<port>[1-9]\d{0,4}))?$/i;

/** Hosts that may have private addresses: those of the configuration, compared by name and never by what a name resolves to. */
export class AllowedHosts {
  readonly #entries: ReadonlySet<string>;

  /**
   * @param entries names or addresses, with a port to allow only that one: `git.corp.example`, `10.0.0.5:8080`, `[::1]`
   * @throws RangeError for an entry that is no host
   */
  constructor(entries: readonly string[]) {
    this.#entries = new Set(entries.map(normalEntry));
  }

  /** @param host as {@link hostOf} gives it */
  has(host: string, port: string): boolean {
    return this.#entries.has(host) || this.#entries.has(`${host} ${port}`);
  }
}

function normalEntry(entry: string): string {
  const bare = entry.trim();
  const { host, port } = ENTRY.exec(isIPv6(bare) ? `[${bare}]` : bare)?.groups ?? {};
  const text = `http://${host}:${port ?? 80}/`;
  const normal = host !== undefined && URL.canParse(text) ? hostOf(new URL(text)) : "";
  if (normal === "") throw new RangeError(`"${entry}" is no host name or address`);
  return port === undefined ? normal : `${normal} ${port}`;
}

/** A URL's host in the one spelling that is compared: lower case, no brackets, no dot at the end. */
const hostOf = (url: URL): string => bareHost(url.hostname);

/** As {@link hostOf}, of a host alone. */
export const bareHost = (host: string): string =>
  host
    .toLowerCase()
    .replace(/^\[|\]$/g, "")
    .replace(/\.+$/, "");

/** The port that a connection is made to. */
export const portOf = ({ protocol, port }: { protocol: string; port: string }): string =>
  port || (protocol === "https:" ? "443" : "80");
