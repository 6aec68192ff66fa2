import { realpathSync } from "node:fs";
import { type Caller, ConfigError, type Logger } from "@mcp-reference/runtime";
import { configuredPath, existingDirectories, pathOfRootUri } from "@mcp-reference/security";
import { isInside } from "./is-inside.js";
import { repositoryAround } from "./repository-around.js";

/** Decides which directories a caller may use. */
export interface RootPolicy {
  /**
   * What `--repository` names bounds everything, and a client's roots narrow it. Where it names nothing the roots are
   * adopted; a client that has none gets the repository around the current directory.
   * @returns resolved absolute paths; none where there is nothing to serve
   */
  forCaller(caller: Caller): Promise<string[]>;
}

/** @throws ConfigError when none of the directories on the command line is there. */
export async function openRootPolicy(named: readonly string[], log: Logger): Promise<RootPolicy> {
  const configured = named.map((written) => configuredPath(written));
  const { found, problems } = await resolveDirectories(configured);
  if (problems.length > 0 && found.length === 0) throw new ConfigError(problems.map((line) => `--repository: ${line}`));
  for (const problem of problems) log.warn(`skipped: ${problem}`);
  return {
    async forCaller({ roots }) {
      const local = roots?.map((uri) => pathOfRootUri(uri)).filter((each) => each !== undefined);
      if (!local) return found.length > 0 ? found : repositoryAround(process.cwd());
      const offered = await resolveDirectories(local);
      for (const problem of offered.problems) log.warn(`root skipped: ${problem}`);
      return found.length > 0 ? intersect(found, offered.found) : offered.found;
    },
  };
}

async function resolveDirectories(paths: readonly string[]): Promise<{ found: string[]; problems: string[] }> {
  const { found, problems } = await existingDirectories(paths.map((each) => ({ path: each })));
  return { found: [...new Set(found.map((each) => realpathSync(each.path)))], problems };
}

/** Of two sets of directories, what lies in both. */
function intersect(some: readonly string[], others: readonly string[]): string[] {
  const inner = some.flatMap((one) =>
    others.flatMap((other) => (isInside(other, one) ? [other] : isInside(one, other) ? [one] : [])),
  );
  return [...new Set(inner)];
}
