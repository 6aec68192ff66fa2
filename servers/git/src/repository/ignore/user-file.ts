import { closeSync, constants, fstatSync, openSync, readFileSync, realpathSync } from "node:fs";
import { homedir } from "node:os";
import { isAbsolute, join, resolve, sep } from "node:path";
import type { ByteString } from "../bytes/byte-string.js";
import { textOf } from "../bytes/byte-string.js";
import type { GitConfig } from "../config/types.js";
import type { Layout } from "../layout/types.js";

const LARGEST = 2 ** 20;

/**
 * Reads a file of the user's own that a setting names: `core.excludesFile` or `core.attributesFile`; without the setting, the one
 * in the user's configuration folder. A repository's config may name it too, so that only files in the user's home and in the
 * repository are read; undefined for any other.
 */
export function readUserFile(layout: Layout, config: GitConfig, setting: string, name: string): ByteString | undefined {
  const configured = config.get(setting);
  const path =
    configured === undefined ? join(configurationFolder(), "git", name) : expanded(textOf(configured), layout);
  try {
    const real = realpathSync(path);
    if (![homedir(), configurationFolder(), ...own(layout)].some((folder) => isInside(real, folder))) return undefined;
    return readSmall(real);
  } catch {
    // Git goes on without a file that is missing or cannot be read.
    return undefined;
  }
}

const configurationFolder = (): string => process.env["XDG_CONFIG_HOME"] || join(homedir(), ".config");

const own = (layout: Layout): string[] =>
  [layout.worktree, layout.gitDir, layout.commonDir].flatMap((files) => (files ? [textOf(files.root)] : []));

function expanded(path: string, layout: Layout): string {
  if (path === "~" || path.startsWith("~/")) return join(homedir(), path.slice(1));
  return isAbsolute(path) ? path : resolve(textOf((layout.worktree ?? layout.gitDir).root), path);
}

function isInside(path: string, folder: string): boolean {
  try {
    const real = realpathSync(folder);
    return path === real || path.startsWith(real.endsWith(sep) ? real : real + sep);
  } catch {
    return false;
  }
}

function readSmall(path: string): ByteString | undefined {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
  try {
    const stats = fstatSync(fd);
    return stats.isFile() && stats.size <= LARGEST ? readFileSync(fd, "latin1") : undefined;
  } finally {
    closeSync(fd);
  }
}
