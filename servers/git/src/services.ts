import type { Caller, Logger, OpenServices } from "@mcp-reference/runtime";
import type { Config } from "./config.js";
import { openRootPolicy, type RootPolicy } from "./roots/allowed-roots.js";
import { Repositories } from "./roots/repositories.js";

/** Sets of roots that repositories are kept open for; a client may keep changing its roots. */
const ROOT_SETS_KEPT = 16;

/** What every handler shares. */
export interface Services extends OpenServices {
  /** The repositories this caller may use. */
  readonly repositories: Repositories;
  /** Those of another caller. */
  readonly repositoriesOf: (caller: Caller) => Promise<Repositories>;
}

/** Nothing is read before the first call. @throws ConfigError when none of the configured directories is there */
export async function openServices(config: Config, { log }: { log: Logger }): Promise<Services> {
  const policy = await openRootPolicy(config.repository, log);
  const opened = new Map<string, Repositories>();
  return {
    repositories: new Repositories([]),
    repositoriesOf: (caller) => repositoriesFor(policy, caller, opened),
    close() {
      for (const repositories of opened.values()) repositories.close();
    },
  };
}

async function repositoriesFor(
  policy: RootPolicy,
  caller: Caller,
  opened: Map<string, Repositories>,
): Promise<Repositories> {
  const paths = await policy.forCaller(caller);
  const key = JSON.stringify(paths);
  const known = opened.get(key);
  if (known) return known;
  const repositories = new Repositories(paths);
  opened.set(key, repositories);
  const [oldest] = opened.keys();
  if (opened.size > ROOT_SETS_KEPT && oldest !== undefined) opened.delete(oldest);
  return repositories;
}
