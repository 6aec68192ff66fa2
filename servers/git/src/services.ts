import { type Caller, ConfigError, type OpenContext, type OpenServices } from "@mcp-reference/runtime";
import type { Config } from "./config.js";
import { openRemoteAccess, type RemoteAccess } from "./remote/access/remote-access.js";
import type { ConfigLine } from "./repository/config/parse-config.js";
import { statThread } from "./repository/worktree/stat-thread/stat-thread.js";
import { openRootPolicy, type RootPolicy } from "./roots/allowed-roots.js";
import { authorSettings } from "./roots/author-settings.js";
import { Repositories } from "./roots/repositories.js";

/** Sets of roots that repositories are kept open for; a client may keep changing its roots. */
const ROOT_SETS_KEPT = 16;

/** What every handler shares. */
export interface Services extends OpenServices {
  /** How remotes are reached. */
  readonly remoteAccess: RemoteAccess;
  /** The repositories this caller may use. */
  readonly repositories: Repositories;
  /** Those of another caller. */
  readonly repositoriesOf: (caller: Caller) => Promise<Repositories>;
}

/** Nothing is read before the first call. @throws ConfigError when none of the configured directories is there */
export async function openServices(
  config: Config,
  { log, keepSecret }: Pick<OpenContext, "log" | "keepSecret">,
): Promise<Services> {
  const policy = await openRootPolicy(config.repository, log);
  const opened = new Map<string, Repositories>();
  const defaults = authorSettings(config.author);
  const remoteAccess = openRemotes(config, keepSecret);
  return {
    remoteAccess,
    repositories: new Repositories([]),
    repositoriesOf: (caller) => repositoriesFor(policy, caller, { opened, defaults }),
    async close() {
      for (const repositories of opened.values()) repositories.close();
      await Promise.all([remoteAccess.close(), statThread.close()]);
    },
  };
}

async function repositoriesFor(
  policy: RootPolicy,
  caller: Caller,
  { opened, defaults }: { opened: Map<string, Repositories>; defaults: readonly ConfigLine[] },
): Promise<Repositories> {
  const paths = await policy.forCaller(caller);
  const key = JSON.stringify(paths);
  const known = opened.get(key);
  if (known) return known;
  const repositories = new Repositories(paths, defaults);
  opened.set(key, repositories);
  const [oldest] = opened.keys();
  if (opened.size > ROOT_SETS_KEPT && oldest !== undefined) opened.delete(oldest);
  return repositories;
}

/** @throws ConfigError */
function openRemotes(config: Config, keepSecret: (secret: string) => void): RemoteAccess {
  try {
    return openRemoteAccess(config, process.env, keepSecret);
  } catch (error) {
    throw error instanceof RangeError ? new ConfigError(error.message) : error;
  }
}
