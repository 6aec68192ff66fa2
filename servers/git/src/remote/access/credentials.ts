/** What one host is to be shown. */
export interface HostCredentials {
  /** A host (`github.com`, port 443 with TLS), or the origin of one: `http://127.0.0.1:3000`. */
  readonly host: string;
  readonly username?: string | undefined;
  /** A token or password. */
  readonly secret: string;
}

/** Hosts of tokens take any name with them. */
const TOKEN_USER = "x-access-token";

/** Credentials by origin: what is configured for one is shown to no other. */
export class Credentials {
  readonly #byOrigin: ReadonlyMap<string, HostCredentials>;

  /** @throws RangeError for a host that is none */
  constructor(all: readonly HostCredentials[]) {
    this.#byOrigin = new Map(all.map((each) => [originOf(each.host), each]));
  }

  /**
   * The `Authorization` for a URL; undefined where nothing is configured for its origin.
   * @param challenge `WWW-Authenticate` of the server: a token is sent as bearer where only that is asked for
   */
  authorizationFor(url: URL, challenge = ""): string | undefined {
    const found = this.#byOrigin.get(url.origin);
    if (!found) return undefined;
    const { username, secret } = found;
    const wantsBearer = /\bbearer\b/i.test(challenge) && !/\bbasic\b/i.test(challenge);
    if (wantsBearer && username === undefined) return `Bearer ${secret}`;
    return `Basic ${Buffer.from(`${username ?? TOKEN_USER}:${secret}`).toString("base64")}`;
  }
}

function originOf(host: string): string {
  const text = /^https?:\/\//i.test(host) ? host : `https://${host}`;
  const isOrigin =
    URL.canParse(text) && [`${new URL(text).origin}/`, new URL(text).origin].includes(new URL(text).href);
  if (!isOrigin) throw new RangeError(`"${host}" is not a host that credentials can be for`);
  return new URL(text).origin;
}
