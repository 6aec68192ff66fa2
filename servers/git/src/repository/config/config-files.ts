import { readFileSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { dirname } from "node:path";
import { errnoOf } from "@mcp-reference/security";
import { ToolError } from "@mcp-reference/validation";
import { type ByteString, bytesOf, fsPath, textOf } from "../bytes/byte-string.js";
import { ConfinedFiles } from "../confined/confined-files.js";
import { resolvedIfAny } from "../confined/resolved-path.js";
import { isInside, joined } from "../layout/inside.js";
import type { Layout } from "../layout/types.js";
import { LARGEST_CONFIG } from "./config-values.js";
import { type Circumstances, includes } from "./include-condition.js";
import { type ConfigLine, parseConfig } from "./parse-config.js";

/** As git: an include in an included file … */
const DEEPEST_INCLUDE = 10;
const MOST_FILES = 200;

/** Whether a file is the user's own, which may include anything, or came with the repository. */
type Origin = "user" | "repository";

/** Reads config files in git's order and follows their includes. */
export class ConfigFiles {
  readonly #layout: Layout;
  readonly #home = bytesOf(homedir());
  #circumstances: Circumstances;
  #filesRead = 0;

  constructor(layout: Layout) {
    this.#layout = layout;
    this.#circumstances = { gitDir: layout.gitDir.root, home: this.#home, branch: branchOf(layout), remoteUrls: [] };
  }

  /** Every setting, the user's first, those of the worktree last. */
  lines(): ConfigLine[] {
    const lines = this.#all();
    const urls = lines.filter(isRemoteUrl).map((line) => line.value ?? "");
    if (!lines.some((line) => line.section === "includeif" && line.subsection?.startsWith("hasconfig:"))) return lines;
    // Which urls there are is known only after a first reading: conditions on them hold in the second.
    this.#circumstances = { ...this.#circumstances, remoteUrls: urls };
    return this.#all();
  }

  #all(): ConfigLine[] {
    this.#filesRead = 0;
    const { gitDir, commonDir } = this.#layout;
    const shared = this.#repositoryFile(commonDir, "config");
    const ofWorktree = shared.some((line) => line.section === "extensions" && line.key === "worktreeconfig")
      ? this.#repositoryFile(gitDir, "config.worktree")
      : [];
    return [...userFiles(this.#home).flatMap((path) => this.#file(path, "user", 0)), ...shared, ...ofWorktree];
  }

  #repositoryFile(directory: ConfinedFiles, name: string): ConfigLine[] {
    const bytes = directory.read(name, LARGEST_CONFIG);
    return bytes ? this.#withIncludes(bytes, directory.path(name), "repository", 0) : [];
  }

  #file(path: ByteString, origin: Origin, depth: number): ConfigLine[] {
    const bytes = origin === "user" ? readUserFile(path) : this.#readIncluded(path);
    return bytes ? this.#withIncludes(bytes, path, origin, depth) : [];
  }

  /** A file that the repository asks for, read only from within the repository. */
  #readIncluded(path: ByteString): Buffer | undefined {
    const { worktree, gitDir, commonDir } = this.#layout;
    const places = [gitDir, commonDir, ...(worktree ? [worktree] : [])].map((files) => files.root);
    const real = resolvedIfAny(path);
    if (real === undefined || !isInside(real, places)) return undefined;
    return new ConfinedFiles(dirname(real)).read(real.slice(real.lastIndexOf("/") + 1), LARGEST_CONFIG);
  }

  #withIncludes(bytes: Buffer, path: ByteString, origin: Origin, depth: number): ConfigLine[] {
    if (++this.#filesRead > MOST_FILES) throw new ToolError("TOO_LARGE", "The git config includes too many files");
    const lines: ConfigLine[] = [];
    for (const line of parseConfig(bytes.toString("latin1"), path)) {
      lines.push(origin === "user" ? line : { ...line, ofRepository: true });
      const target = this.#includedPath(line, path);
      if (target === undefined) continue;
      if (depth >= DEEPEST_INCLUDE) throw new ToolError("INVALID_ARGUMENT", `Includes in ${textOf(path)} never end`);
      for (const included of this.#file(target, origin, depth + 1)) lines.push(included);
    }
    return lines;
  }

  #includedPath({ section, subsection, key, value }: ConfigLine, from: ByteString): ByteString | undefined {
    if (key !== "path" || !value || value.includes("\0")) return undefined;
    const wanted =
      section === "include"
        ? subsection === undefined
        : section === "includeif" &&
          subsection !== undefined &&
          includes(subsection, dirname(from), this.#circumstances);
    if (!wanted) return undefined;
    return value.startsWith("~/") ? `${this.#home}${value.slice(1)}` : joined(dirname(from), value);
  }
}

const isRemoteUrl = ({ section, subsection, key }: ConfigLine): boolean =>
  section === "remote" && subsection !== undefined && key === "url";

function userFiles(home: ByteString): ByteString[] {
  const { GIT_CONFIG_GLOBAL: only, XDG_CONFIG_HOME: xdg } = process.env;
  if (only !== undefined) return only === "" ? [] : [bytesOf(only)];
  return [`${xdg ? bytesOf(xdg) : `${home}/.config`}/git/config`, `${home}/.gitconfig`];
}

/** The user's own files may be links to wherever they are kept; a device such as `/dev/null` is empty. */
function readUserFile(path: ByteString): Buffer | undefined {
  try {
    const stats = statSync(fsPath(path));
    if (!stats.isFile()) return undefined;
    if (stats.size > LARGEST_CONFIG) throw new ToolError("TOO_LARGE", `The config file ${textOf(path)} is too large`);
    return readFileSync(fsPath(path));
  } catch (error) {
    if (errnoOf(error) !== undefined && !(error instanceof ToolError)) return undefined;
    throw error;
  }
}

function branchOf({ gitDir }: Layout): ByteString | undefined {
  const head =
    gitDir.readLink("HEAD") ??
    gitDir
      .read("HEAD", 64 * 1024)
      ?.toString("latin1")
      .replace(/^ref:\s*/, "");
  return /^refs\/heads\/(.*?)\s*$/s.exec(head ?? "")?.[1];
}
