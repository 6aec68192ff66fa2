import type { Logger, OpenServices } from "@mcp-reference/runtime";
import type { PathSandbox } from "@mcp-reference/security";
import type { Config, NamedResource } from "./config.js";
import { type Boundary, openBoundary } from "./roots/boundary.js";
import { WorkerPool } from "./search/worker-pool.js";
import { PathLocks } from "./write/path-locks.js";

/** What every handler shares. */
export interface Services extends OpenServices {
  /** The files this caller may use. */
  readonly sandbox: PathSandbox;
  /** Writers of one file take turns. */
  readonly locks: PathLocks;
  /** Threads that searches run in. */
  readonly workers: WorkerPool;
  /** Files under names of their own, from the config file. */
  readonly namedResources: readonly NamedResource[];
  /** Which files a caller may use. */
  readonly boundary: Boundary;
}

/** @throws ConfigError when none of the configured directories can be served. */
export async function openServices(config: Config, context: { log: Logger; readOnly: boolean }): Promise<Services> {
  const boundary = await openBoundary(config, context);
  const workers = new WorkerPool();
  return {
    sandbox: boundary.sandbox,
    locks: new PathLocks(),
    workers,
    namedResources: config.resources,
    boundary,
    async close() {
      await workers.close();
      await boundary.close();
    },
  };
}
