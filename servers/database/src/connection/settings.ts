import { readFileSync } from "node:fs";
import type { ConnectionOptions } from "node:tls";
import { ConfigError } from "@mcp-reference/runtime";
import { errnoOf } from "@mcp-reference/security";
import type { Config, NamedDatabase } from "../config.js";
import { type ConnectionUrl, parseConnectionUrl } from "./connection-url.js";
import { passwordFromFile } from "./password-file.js";
import { tlsOptions } from "./tls-options.js";

/** All that it takes to connect to one database. */
export interface ConnectionSettings {
  /** What tools call it; no two are the same. */
  name: string;
  description?: string | undefined;
  /** A name, an address, or the directory of a socket. */
  host: string;
  port: number;
  user: string;
  database: string;
  password?: string | undefined;
  ssl: ConnectionOptions | false;
  /** `direct` saves a round trip; PostgreSQL 17. */
  sslNegotiation: "postgres" | "direct";
  bindsChannel: boolean;
  role?: string | undefined;
  poolSize: number;
  connectTimeoutMs: number;
  applicationName: string;
  /** Command-line options for the backend, such as `-c geqo=off`. */
  options?: string | undefined;
  /** The URL says that a pooler in transaction mode is there; otherwise it is found out. */
  throughPooler: boolean;
}

/**
 * The configured servers, `databaseUrl` first; empty for the embedded database. `databaseUrl` goes by the name of its
 * database, or by `default` where another one has that name. Reads password, certificate and URL files.
 * @param keepSecret takes every URL and password, so that they never leave the process
 * @throws ConfigError with a line for every problem; none repeats a URL or a part of it
 */
export function connectionSettings(
  config: Config,
  env: NodeJS.ProcessEnv,
  keepSecret: (secret: string) => void,
): ConnectionSettings[] {
  const problems: string[] = [];
  const own =
    config.databaseUrl === undefined ? [] : [{ where: "DATABASE_URL", url: config.databaseUrl, entry: config }];
  const named = config.databases.map((entry) => {
    const where = `databases: ${entry.name}`;
    return { where, url: urlOf(entry, env, (line) => problems.push(`${where}: ${line}`)), entry: { ...entry } };
  });
  const names = config.databases.map(({ name }) => name);
  for (const name of new Set(names.filter((name, index) => names.indexOf(name) !== index))) {
    problems.push(`databases: two have the name ${name}`);
  }
  const settings = [...own, ...named].flatMap(({ where, url, entry }) => {
    if (url === undefined) return [];
    const problem = (line: string) => problems.push(`${where}: ${line}`);
    keepSecret(url);
    const parsed = parseConnectionUrl(url, env, problem);
    if (!parsed) return [];
    const given = "name" in entry ? entry : { name: unusedName(parsed.database, names, problem) };
    return [settingsOf({ ...inherited(config), ...defined(given) }, parsed, { config, env, keepSecret, problem })];
  });
  if (problems.length > 0) throw new ConfigError(problems);
  return settings;
}

type Entry = Pick<NamedDatabase, "name" | "description" | "sslMode" | "caFile" | "role"> & { poolSize: number };

interface Context {
  config: Config;
  env: NodeJS.ProcessEnv;
  keepSecret: (secret: string) => void;
  problem: (line: string) => void;
}

function settingsOf(
  entry: Entry,
  url: ConnectionUrl,
  { config, env, keepSecret, problem }: Context,
): ConnectionSettings {
  const { host, port, user, database, params } = url;
  const password = url.password ?? (env["PGPASSWORD"] || passwordFromFile({ host, port, database, user }, env));
  for (const secret of [password, url.encodedPassword]) {
    if (secret !== undefined && !isCommonWord(secret, url)) keepSecret(secret);
  }
  const bindsChannel = params.get("channel_binding") === "require";
  const ssl = tlsOptions(
    {
      host,
      mode: entry.sslMode ?? params.get("sslmode") ?? modeOfSsl(params.get("ssl")),
      caFile: entry.caFile ?? params.get("sslrootcert"),
      certFile: params.get("sslcert"),
      keyFile: params.get("sslkey"),
      bindsChannel,
    },
    problem,
  );
  const sslNegotiation = params.get("sslnegotiation") === "direct" ? "direct" : "postgres";
  if (sslNegotiation === "direct" && !ssl) problem("sslnegotiation=direct needs TLS: say sslmode=verify-full");
  const timeout = Number(params.get("connect_timeout") ?? 0);
  if (!Number.isFinite(timeout) || timeout < 0) problem("connect_timeout must be a number of seconds");
  return {
    name: entry.name,
    description: entry.description,
    host,
    port,
    user,
    database,
    password,
    ssl,
    sslNegotiation,
    bindsChannel,
    role: entry.role,
    poolSize: entry.poolSize,
    connectTimeoutMs: 1000 * (timeout || config.connectTimeout),
    applicationName: params.get("application_name") ?? env["PGAPPNAME"] ?? "mcp-server-database",
    options: params.get("options"),
    throughPooler: params.get("pgbouncer") === "true",
  };
}

function urlOf({ urlEnv, urlFile }: NamedDatabase, env: NodeJS.ProcessEnv, problem: (line: string) => void) {
  if ((urlEnv === undefined) === (urlFile === undefined)) {
    problem("give one of urlEnv and urlFile");
    return undefined;
  }
  if (urlEnv !== undefined) {
    if (!env[urlEnv]) problem(`the environment variable ${urlEnv} is not set`);
    return env[urlEnv] || undefined;
  }
  try {
    return readFileSync(urlFile ?? "", "utf8").trim();
  } catch (error) {
    problem(`${urlFile} cannot be read (${errnoOf(error) ?? String(error)})`);
    return undefined;
  }
}

/** What an entry does not say itself is as for the server's own database. */
const inherited = ({ sslMode, caFile, role, poolSize }: Config) => ({ sslMode, caFile, role, poolSize });

/** Without the members that are undefined, which would hide what is inherited. */
const defined = <T extends object>(entry: T) =>
  Object.fromEntries(Object.entries(entry).filter(([, value]) => value !== undefined)) as {
    [Key in keyof T]: Exclude<T[Key], undefined>;
  };

function unusedName(database: string, taken: readonly string[], problem: (line: string) => void): string {
  const name = [database, "default"].find((candidate) => !taken.includes(candidate));
  if (name === undefined)
    problem(`the names ${database} and default are both taken by entries of databases: rename one`);
  return name ?? database;
}

/** `ssl=true`, as node and JDBC drivers have it. */
const modeOfSsl = (ssl: string | undefined) =>
  ssl === undefined ? undefined : /^(0|false)$/.test(ssl) ? "disable" : "verify-full";

/** Taken out of every result, such a password would falsify the data, and protects nothing. */
const isCommonWord = (password: string, { user, database }: ConnectionUrl) =>
  password.length < 6 || [user, database, "postgres", "password"].includes(password);
