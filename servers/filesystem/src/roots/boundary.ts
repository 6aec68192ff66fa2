import { realpath } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";
import { type Caller, ConfigError, type Logger } from "@mcp-reference/runtime";
import {
  existingDirectories,
  openSandbox,
  type PathSandbox,
  pathOfRootUri,
  type RootSpec,
} from "@mcp-reference/security";
import type { Config } from "../config.js";
import { parseDirectory } from "./directories.js";

/** Sandboxes hold descriptors; a client that keeps changing its roots must not use them up. */
const SANDBOXES_KEPT = 256;

/** Decides which directories a caller may use. */
export interface Boundary {
  /** What the command line allows; nothing where it names no directory. */
  readonly sandbox: PathSandbox;
  /**
   * Directories on the command line bound everything, and a client's roots narrow them. Without any, the roots
   * are adopted; a client that has none gets the current directory, read-only.
   * @throws ConfigError when that is the home folder or the whole disk.
   */
  forCaller(caller: Caller): Promise<PathSandbox>;
  close(): Promise<void>;
}

/** @throws ConfigError when none of the directories on the command line is there. */
export async function openBoundary(config: Config, context: { log: Logger; readOnly: boolean }): Promise<Boundary> {
  const { log, readOnly } = context;
  const { found, problems } = await existingDirectories(config.directories.map((argument) => parseDirectory(argument)));
  if (problems.length > 0 && found.length === 0) throw new ConfigError(problems);
  for (const problem of problems) log.warn(`skipped: ${problem}`);

  const open = (roots: readonly RootSpec[]) =>
    openSandbox({
      roots: roots.map((root) => ({ path: root.path, readOnly: readOnly || root.readOnly })),
      deny: config.deny,
      allow: config.allowSecret,
    });
  const sandbox = await open(found);
  const opened = new Map<string | undefined, Promise<PathSandbox>>();

  const choose = async (roots: readonly string[] | undefined): Promise<PathSandbox> => {
    const paths = roots?.map((uri) => pathOfRootUri(uri)).filter((local) => local !== undefined);
    if (found.length > 0) return paths ? sandbox.narrow(paths) : sandbox;
    if (!paths) return open([await currentDirectory(log)]);
    const adopted = await existingDirectories(paths.map((local) => ({ path: local })));
    for (const problem of adopted.problems) log.warn(`root skipped: ${problem}`);
    return open(adopted.found);
  };

  return {
    sandbox,
    forCaller({ roots }) {
      const key = JSON.stringify(roots);
      const known = opened.get(key);
      if (known) return known;
      const chosen = choose(roots);
      chosen.catch(() => opened.delete(key)); // the caller hears of it; the next one tries again
      opened.set(key, chosen);
      if (opened.size > SANDBOXES_KEPT) void closeOldest(opened, sandbox);
      return chosen;
    },
    async close() {
      while (opened.size > 0) await closeOldest(opened, sandbox);
      await sandbox.close();
    },
  };
}

async function closeOldest(opened: Map<string | undefined, Promise<PathSandbox>>, kept: PathSandbox): Promise<void> {
  const [first] = opened;
  if (!first) return;
  opened.delete(first[0]);
  const oldest = await first[1].catch(() => undefined);
  if (oldest !== kept) await oldest?.close();
}

/** Stands in where nobody named a directory; too much would be served from the home folder or the root of a disk. */
async function currentDirectory(log: Logger): Promise<RootSpec> {
  const current = process.cwd();
  const home = await realpath(homedir()).catch(() => homedir());
  if (current === path.parse(current).root || current === home) {
    throw new ConfigError(
      `no directory was named, and the current one is ${current}: name what to serve, as in mcp-server-filesystem ~/Documents`,
    );
  }
  log.warn(`no directory was named: serving ${current}, read-only`);
  return { path: current, readOnly: true };
}
