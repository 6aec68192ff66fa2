import { ToolError } from "@mcp-reference/validation";
import type { ByteString } from "../bytes/byte-string.js";
import { entryAt } from "../index-file/find-entry.js";
import type { Repository } from "../repository.js";
import { type IgnoreLine, parseIgnoreFile } from "./ignore-file.js";
import { readUserFile } from "./user-file.js";

/** Bytes of one `.gitignore`. */
const LARGEST = 2 ** 22;

/** The line that decided about a path. */
export interface IgnoreMatch {
  /** File that it stands in, from the worktree on; `core.excludesFile` for the user's. */
  readonly source: ByteString;
  readonly line: number;
  readonly pattern: ByteString;
  readonly ignored: boolean;
}

export interface IgnoreRules {
  /** Is the path left out, itself or with a directory above it? Tracked files are never; that is for the caller to know. */
  ignored(path: ByteString, isDirectory: boolean): boolean;
  /** The line that says so, or that says the contrary; undefined where no line is about it. */
  match(path: ByteString, isDirectory: boolean): IgnoreMatch | undefined;
}

/**
 * What `.gitignore` at each level, `info/exclude` and the user's file leave out, as they are now: each is read once, when it is
 * first needed.
 */
export const ignoreRules = (repo: Repository): IgnoreRules => new CachedIgnoreRules(repo);

interface Source {
  readonly name: ByteString;
  /** The directory that its patterns start from: empty, or with a slash at the end. */
  readonly base: ByteString;
  readonly lines: readonly IgnoreLine[];
}

interface Directory {
  /** The nearest first. */
  readonly sources: readonly Source[];
  /** What left the directory out, and all below it. */
  readonly ignoredBy: IgnoreMatch | undefined;
}

class CachedIgnoreRules implements IgnoreRules {
  readonly #repo: Repository;
  readonly #ignoreCase: boolean;
  readonly #directories = new Map<ByteString, Directory>();

  constructor(repo: Repository) {
    this.#repo = repo;
    this.#ignoreCase = repo.config.flag("core.ignorecase") ?? false;
  }

  ignored(path: ByteString, isDirectory: boolean): boolean {
    return this.match(path, isDirectory)?.ignored ?? false;
  }

  match(path: ByteString, isDirectory: boolean): IgnoreMatch | undefined {
    const { sources, ignoredBy } = this.#directory(path.slice(0, path.lastIndexOf("/") + 1));
    return ignoredBy ?? firstMatch(sources, path, isDirectory);
  }

  /** @param base as that of a {@link Source} */
  #directory(base: ByteString): Directory {
    const known = this.#directories.get(base);
    if (known) return known;
    const directory = base === "" ? this.#top() : this.#below(base);
    this.#directories.set(base, directory);
    return directory;
  }

  #top(): Directory {
    const { layout, config } = this.#repo;
    const shared: Source[] = [];
    this.#add(
      shared,
      "info/exclude",
      "",
      contentOf(() => layout.commonDir.read("info/exclude", LARGEST)),
    );
    this.#add(shared, "core.excludesFile", "", readUserFile(layout, config, "core.excludesfile", "ignore"));
    return { sources: this.#withOwn("", shared), ignoredBy: undefined };
  }

  #below(base: ByteString): Directory {
    const path = base.slice(0, -1);
    const above = this.#directory(path.slice(0, path.lastIndexOf("/") + 1));
    if (above.ignoredBy) return above;
    const match = firstMatch(above.sources, path, true);
    // Nothing below an ignored directory is looked at, not even its own .gitignore.
    if (match?.ignored) return { sources: [], ignoredBy: match };
    return { sources: this.#withOwn(base, above.sources), ignoredBy: undefined };
  }

  #withOwn(base: ByteString, above: readonly Source[]): readonly Source[] {
    const own: Source[] = [];
    const path = `${base}.gitignore`;
    this.#add(
      own,
      path,
      base,
      contentOf(() => this.#repo.layout.worktree?.read(path, LARGEST)) ?? this.#unchecked(path),
    );
    return own.length > 0 ? [...own, ...above] : above;
  }

  /** Of a sparse checkout: a `.gitignore` that is not in the worktree still counts. */
  #unchecked(path: ByteString): ByteString | undefined {
    const entry = entryAt(this.#repo.index().entries, path);
    return entry?.skipWorktree ? this.#repo.objects.blob(entry.oid).toString("latin1") : undefined;
  }

  #add(sources: Source[], name: ByteString, base: ByteString, content: ByteString | undefined): void {
    if (content === undefined) return;
    const lines = parseIgnoreFile(content, this.#ignoreCase);
    if (lines.length > 0) sources.push({ name, base, lines });
  }
}

function firstMatch(sources: readonly Source[], path: ByteString, isDirectory: boolean): IgnoreMatch | undefined {
  for (const { name, base, lines } of sources) {
    const relative = path.slice(base.length);
    for (const { line, text, pattern } of lines) {
      if ((pattern.onlyDirectories && !isDirectory) || !pattern.matches(relative)) continue;
      return { source: name, line, pattern: text, ignored: !pattern.isNegative };
    }
  }
  return undefined;
}

/** Git does not follow a `.gitignore` that is a link; nor do we. */
function contentOf(read: () => Buffer | undefined): ByteString | undefined {
  try {
    return read()?.toString("latin1");
  } catch (error) {
    if (error instanceof ToolError && (error.code === "OUTSIDE_ROOT" || error.code === "UNSUPPORTED")) return undefined;
    throw error;
  }
}
