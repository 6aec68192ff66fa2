import { userInfo } from "node:os";

/** What a URL says, decoded. Only what it names is there. */
export interface ConnectionUrl {
  host: string;
  port: number;
  user: string;
  database: string;
  password?: string | undefined;
  /** As written, before decoding. */
  encodedPassword?: string | undefined;
  /** The parameters that are not part of the address. */
  params: ReadonlyMap<KnownParam, string>;
}

/** Parameters of libpq, and the few of other drivers that providers put into the URLs they hand out. */
const KNOWN_PARAMS = [
  "sslmode",
  "ssl",
  "sslrootcert",
  "sslcert",
  "sslkey",
  "sslnegotiation",
  "channel_binding",
  "application_name",
  "connect_timeout",
  "options",
  "pgbouncer",
] as const;

export type KnownParam = (typeof KNOWN_PARAMS)[number];

/** Parts of the address, which libpq takes as parameters too. */
const ADDRESS_PARAMS = ["host", "port", "user", "password", "dbname"];

/** Parameters that say what is so here anyway. */
const NEEDLESS = new Map([
  ["client_encoding", /^(utf-?8|auto)$/i],
  ["gssencmode", /^(disable|prefer)$/],
  ["target_session_attrs", /^any$/],
  ["uselibpqcompat", /^/],
]);

const SHAPE =
  /^postgres(?:ql)?:\/\/(?:(?<userinfo>[^/?]*)@)?(?<hosts>[^/?]*)(?:\/(?<database>[^?]*))?(?:\?(?<query>.*))?$/is;
const HOST = /^(?<host>\[[\da-f:.%]+\]|[^:[\]]*)(?::(?<port>.*))?$/is;

/**
 * Reads a `postgres://` URL as libpq does. What it leaves out comes from PGHOST, PGPORT, PGUSER and PGDATABASE, then from
 * libpq's defaults, with localhost for the host.
 * @param problem takes a line for everything that is wrong; none repeats a value, which may be a secret in the wrong place
 */
export function parseConnectionUrl(
  url: string,
  env: NodeJS.ProcessEnv,
  problem: (line: string) => void,
): ConnectionUrl | undefined {
  const shape = SHAPE.exec(url)?.groups;
  if (!shape || url.includes("#")) {
    problem(
      "is not postgres://user:password@host:port/database; percent-encode / ? # @ : in a password (%2F %3F %23 %40 %3A)",
    );
    return undefined;
  }
  const { userinfo = "", hosts = "", database = "", query = "" } = shape;
  try {
    const params = readParams(query, problem);
    if ((params.get("host") ?? hosts).includes(",")) {
      problem("names several hosts, which is not supported: name one, or a proxy before them");
      return undefined;
    }
    const [user, encodedPassword] = splitOnce(userinfo, ":");
    const { host, port } = HOST.exec(hosts)?.groups ?? {};
    if (host === undefined) problem("has a host that cannot be read; write an IPv6 address in brackets: [::1]");
    return complete(
      {
        host: params.get("host") ?? decode(host ?? "").replace(/^\[|\]$/g, ""),
        port: params.get("port") ?? port,
        user: params.get("user") ?? decode(user),
        database: params.get("dbname") ?? decode(database),
        password: params.get("password") ?? (encodedPassword === undefined ? undefined : decode(encodedPassword)),
      },
      { encodedPassword, params, env, problem },
    );
  } catch (error) {
    if (!(error instanceof URIError)) throw error;
    problem("has a % that starts no character: write it as %25");
    return undefined;
  }
}

interface Written {
  host: string;
  port: string | undefined;
  user: string;
  database: string;
  password: string | undefined;
}

interface Rest {
  encodedPassword: string | undefined;
  params: ReadonlyMap<string, string>;
  env: NodeJS.ProcessEnv;
  problem: (line: string) => void;
}

function complete(written: Written, { encodedPassword, params, env, problem }: Rest): ConnectionUrl {
  const user = written.user || env["PGUSER"] || userInfo().username;
  const port = Number(written.port || env["PGPORT"] || 5432);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    problem("has a port that is not a number from 1 to 65535 (/ ? # @ in a password are written %2F %3F %23 %40)");
  }
  return {
    host: written.host || env["PGHOST"] || "localhost",
    port,
    user,
    database: written.database || env["PGDATABASE"] || user,
    password: written.password || undefined,
    encodedPassword,
    params: new Map([...params].filter((param): param is [KnownParam, string] => isKnown(param[0]))),
  };
}

function readParams(query: string, problem: (line: string) => void): Map<string, string> {
  const params = new Map<string, string>();
  for (const pair of query.split("&").filter(Boolean)) {
    const [encodedName, encodedValue = ""] = splitOnce(pair, "=");
    const [name, value] = [decode(encodedName), decode(encodedValue)];
    if (NEEDLESS.get(name)?.test(value)) continue;
    if (isKnown(name) || ADDRESS_PARAMS.includes(name)) params.set(name, value);
    else if (/^\w{1,40}$/.test(name)) problem(`has the parameter ${name}, which is not supported here: take it out`);
    else problem("has a parameter that cannot be read; percent-encode ? & in a password (%3F %26)");
  }
  return params;
}

function splitOnce(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

const decode = (text: string) => decodeURIComponent(text);
const isKnown = (name: string): name is KnownParam => (KNOWN_PARAMS as readonly string[]).includes(name);
