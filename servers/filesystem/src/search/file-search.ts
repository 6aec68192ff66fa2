import { stat } from "node:fs/promises";
import { fromErrno, type OpenDirectory, type PathSandbox } from "@mcp-reference/security";
import { ToolError } from "@mcp-reference/validation";
import type { EntryType, ResultOf, Scope, SearchResult, Task, TextPosition } from "../walk/tasks.js";
import { ignoreFilesAbove } from "./ignore-files-above.js";
import {
  type FindOptions,
  type FoundFiles,
  type FoundText,
  type FoundTree,
  MAX_SEARCHED_FILE_BYTES,
  MAX_SHOWN_LINE_LENGTH,
  type ScopeOptions,
  type SearchOptions,
  type TreeOptions,
} from "./search-options.js";
import type { RunOptions } from "./search-worker-thread.js";
import type { WorkerPool } from "./worker-pool.js";

interface Done<T extends Task> {
  /** Resolved path of the start. */
  readonly directory: string;
  readonly result: ResultOf<T>;
}

const TYPES: Readonly<Record<string, EntryType>> = { f: "file", d: "directory", l: "link", o: "other" };

/**
 * Searches what one caller may see, in worker threads: a call whose signal aborts fails with its reason at once.
 * All methods throw what the sandbox throws for the path, and ToolError INVALID_ARGUMENT for a bad pattern.
 */
export class FileSearch {
  readonly #sandbox: PathSandbox;
  readonly #pool: WorkerPool;

  constructor(sandbox: PathSandbox, pool: WorkerPool) {
    this.#sandbox = sandbox;
    this.#pool = pool;
  }

  /** Entries below a directory whose path matches a glob. */
  async findFiles(path: string, options: FindOptions, call: RunOptions): Promise<FoundFiles> {
    const { pattern, type = "any", limit, after } = options;
    const start = await this.#sandbox.openDirectory(path);
    const { directory, result } = await this.#run(path, start, options, call, (scope) => ({
      kind: "find",
      ...{ scope, pattern, type, limit, after },
    }));
    const { paths, types, more, hidden, unreadable } = result;
    const found = types === "" ? [] : paths.split("\0");
    const entries = found.map((entry, index) => ({ path: entry, type: TYPES[types[index] ?? ""] ?? "other" }));
    return { directory, entries, next: more ? found.at(-1) : undefined, hidden, unreadable };
  }

  /** A directory's entries, their entries and so on, as deep and as many as asked for. */
  async tree(path: string, options: TreeOptions, call: RunOptions): Promise<FoundTree> {
    const { depth, maxEntries } = options;
    const start = await this.#sandbox.openDirectory(path);
    const { directory, result } = await this.#run(path, start, options, call, (scope) => ({
      kind: "tree",
      ...{ scope, depth, maxEntries },
    }));
    return { directory, ...result };
  }

  /** Lines of the text files below a directory, or of one file. */
  async searchText(path: string, options: SearchOptions, call: RunOptions): Promise<FoundText> {
    const { start, only } = await this.#openForSearch(path);
    // A file asked for by name is searched whatever the rules say.
    const scopeOptions = only === undefined ? options : {};
    const { directory, result } = await this.#run(path, start, scopeOptions, call, (scope) => ({
      kind: "search",
      scope,
      only,
      pattern: options.pattern,
      regex: options.regex ?? false,
      caseSensitive: options.caseSensitive ?? true,
      include: options.include ?? [],
      context: options.context ?? 0,
      limit: options.limit,
      after: options.after,
      maxFileBytes: options.maxFileBytes ?? MAX_SEARCHED_FILE_BYTES,
      maxLineLength: options.maxLineLength ?? MAX_SHOWN_LINE_LENGTH,
    }));
    const { more, ...found } = result;
    return { directory, ...found, next: more ? lastPosition(found) : undefined };
  }

  async #openForSearch(path: string): Promise<{ start: OpenDirectory; only: string | undefined }> {
    try {
      return { start: await this.#sandbox.openDirectory(path), only: undefined };
    } catch (error) {
      if (!(error instanceof ToolError && error.code === "INVALID_ARGUMENT")) throw error;
      const place = await this.#sandbox.place(path);
      if (place.stats?.isFile()) return { start: place.directory, only: place.name };
      await place.close();
      throw error;
    }
  }

  /** Closes the start. */
  async #run<T extends Task>(
    path: string,
    start: OpenDirectory,
    options: ScopeOptions,
    call: RunOptions,
    task: (scope: Scope) => T,
  ): Promise<Done<T>> {
    try {
      const scope = await this.#scope(start, options);
      return { directory: start.path, result: await this.#pool.run(task(scope), call) };
    } catch (error) {
      throw fromErrno(error, path);
    } finally {
      await start.close();
    }
  }

  async #scope(start: OpenDirectory, { exclude = [], respectGitignore = false }: ScopeOptions): Promise<Scope> {
    const at = start.at();
    const { dev, ino } = await stat(at, { bigint: true });
    return {
      at,
      identity: `${dev}:${ino}`,
      portable: !at.startsWith("/proc/self/fd/"),
      secrets: this.#sandbox.secrets,
      policyPath: start.policyPath,
      exclude,
      ignoreFiles: respectGitignore ? await ignoreFilesAbove(this.#sandbox, start) : undefined,
    };
  }
}

function lastPosition({ files }: Pick<SearchResult, "files">): TextPosition | undefined {
  const file = files.at(-1);
  const line = file?.lines.findLast(({ match }) => match);
  return file && line && { path: file.path, line: line.number };
}
