import { createUrlGuard, type UrlGuard } from "@mcp-reference/security";
import type { RemoteConfig } from "../config-fields.js";
import { Credentials, type HostCredentials } from "./credentials.js";

/** How remotes are reached: what may be connected to, what is shown to whom, and how much is taken. */
export interface RemoteAccess {
  readonly guard: UrlGuard;
  readonly credentials: Credentials;
  /** Bytes of the largest pack that is received. */
  readonly maxPack: number;
  close(): Promise<void>;
}

/**
 * Nothing is connected to before the first call.
 * @param environment where the variables that `remoteCredentials` names are
 * @param keepSecret told each secret, in all the spellings that go over the wire
 * @throws RangeError in one line for settings that cannot work
 */
export function openRemoteAccess(
  config: RemoteConfig,
  environment: Readonly<Record<string, string | undefined>>,
  keepSecret: (secret: string) => void,
): RemoteAccess {
  const all = [...fromEnvironment(config), ...fromTable(config, environment)];
  for (const { username, secret } of all) {
    keepSecret(secret);
    keepSecret(Buffer.from(`${username ?? "x-access-token"}:${secret}`).toString("base64"));
  }
  const guard = createUrlGuard({ allowPrivateHosts: config.allowPrivateHosts });
  return { guard, credentials: new Credentials(all), maxPack: config.maxPack, close: () => guard.close() };
}

function fromEnvironment({ gitToken, gitUsername, gitPassword, gitCredentialHost }: RemoteConfig): HostCredentials[] {
  const secret = gitToken ?? gitPassword;
  if (secret === undefined) return [];
  if (gitToken !== undefined && gitPassword !== undefined)
    throw new RangeError("GIT_TOKEN and GIT_PASSWORD exclude each other");
  if (gitPassword !== undefined && gitUsername === undefined) throw new RangeError("GIT_PASSWORD needs GIT_USERNAME");
  return [{ host: gitCredentialHost, username: gitUsername, secret }];
}

function fromTable(
  { remoteCredentials }: RemoteConfig,
  environment: Readonly<Record<string, string | undefined>>,
): HostCredentials[] {
  return remoteCredentials.map(({ host, username, secretEnv }) => {
    const secret = environment[secretEnv];
    if (!secret) throw new RangeError(`remoteCredentials: ${host}: the environment variable ${secretEnv} is not set`);
    return { host, username, secret };
  });
}
