import type { Stats } from "node:fs";
import type { FileHandle } from "node:fs/promises";

/** A directory that bounds everything below it. */
export interface Root {
  /** Resolved absolute path. */
  readonly path: string;
  /** The path as its user wrote it, made absolute but with its links unresolved (macOS: `/tmp` is `/private/tmp`). */
  readonly alias: string;
  readonly writable: boolean;
  /**
   * Where this root lies below the directory first allowed, with `/` between names: empty unless {@link PathSandbox.narrow}
   * made it. Secret globs are matched from there, so that narrowing to `.aws` does not uncover `.aws/credentials`.
   */
  readonly policyPath: string;
}

export interface RootSpec {
  path: string;
  readOnly?: boolean | undefined;
}

export interface SandboxOptions {
  roots: readonly RootSpec[];
  /** Globs of secrets to hide besides the defaults; without a slash they match a name at any depth, else the path below the root. */
  deny?: readonly string[] | undefined;
  /** Globs that stay visible although a deny pattern matches. */
  allow?: readonly string[] | undefined;
  /** Compare device and inode instead of walking file descriptors: what macOS and Windows do. Default: not Linux. */
  portable?: boolean | undefined;
}

/** A directory held open: entries are addressed through it, so that a swapped parent changes nothing. */
export interface OpenDirectory {
  /** Resolved absolute path, for people. */
  readonly path: string;
  readonly root: Root;
  /** What secret globs are matched against: {@link Root.policyPath} and the names below the root, with `/`; may be empty. */
  readonly policyPath: string;
  /**
   * Where the kernel finds `name` in this very directory (`/proc/self/fd/N/name` on Linux, the joined path elsewhere);
   * without a name, the directory itself. Valid in worker threads and as a child's `cwd` too, until closed.
   * `name` is one entry: a path would be followed unguarded.
   */
  at(name?: string): string;
  /**
   * Where directories are known by path only (not Linux): does the path still lead to this directory? Call it just before
   * a change, and after a listing before it is shown.
   * @throws ToolError CONFLICT when it was moved or replaced.
   */
  verify(): Promise<void>;
  close(): Promise<void>;
}

/** A regular file held open for reading. */
export interface OpenFile {
  readonly handle: FileHandle;
  readonly stats: Stats;
  /** Resolved absolute path, for people. */
  readonly path: string;
  close(): Promise<void>;
}

/** A name in a directory held open; the name may not exist yet. */
export interface Place {
  readonly directory: OpenDirectory;
  readonly name: string;
  /** Resolved absolute path, for people. */
  readonly path: string;
  /** What the name is now (`lstat`), or undefined when there is nothing. */
  readonly stats: Stats | undefined;
  close(): Promise<void>;
}

export interface PlaceOptions {
  /** Refuse read-only roots, and names that hold another root, with PERMISSION_DENIED. */
  write?: boolean | undefined;
  /** Resolve a link at the end of the path (default true); delete and move act on the link itself. */
  followLeaf?: boolean | undefined;
}

export interface ReplaceOptions {
  /** `create` fails with ALREADY_EXISTS; `overwrite` replaces or creates. */
  mode: "create" | "overwrite";
  /** Runs just before the new content takes the name; throw to keep the old content. */
  beforeCommit?: ((current: Stats | undefined) => void | Promise<void>) | undefined;
}

/**
 * Files and directories below the roots, and nothing else.
 *
 * A relative path starts at the first root; an absolute one must lie in a root as written, the longest root wins.
 * `.` and `..` *in the path asked for* are resolved as text first, as `path.resolve` does (`link/../x` is `x`);
 * names are otherwise taken exactly as they are. Links are followed as the kernel would, as long as they end
 * inside a root and do not come back (`/outside/../root`) from a directory that is none.
 *
 * On Linux every step goes through descriptors, so a parent or leaf that another process swaps while a call runs
 * cannot lead outside. Elsewhere (`portable`) paths are resolved, opened and compared again by device and inode,
 * which notices a swap but cannot rule one out: best effort.
 */
export interface PathSandbox {
  readonly roots: readonly Root[];
  /** Deny and allow patterns, to carry into a worker thread. */
  readonly secrets: SecretPatterns;

  /**
   * The part of this sandbox that lies within `paths`; a path outside adds nothing, none left means none.
   * It holds descriptors of its own: close it.
   */
  narrow(paths: readonly string[]): Promise<PathSandbox>;

  /** @throws ToolError OUTSIDE_ROOT, NOT_FOUND, PERMISSION_DENIED (secret or mode), UNSUPPORTED (FIFO, socket, device, directory). */
  openFile(path: string): Promise<OpenFile>;
  /** @throws ToolError OUTSIDE_ROOT, NOT_FOUND, PERMISSION_DENIED, INVALID_ARGUMENT (not a directory). */
  openDirectory(path: string): Promise<OpenDirectory>;
  /** The parent directory, open, and the last name. @throws ToolError OUTSIDE_ROOT, NOT_FOUND (parent), PERMISSION_DENIED, INVALID_ARGUMENT (a root itself). */
  place(path: string, options?: PlaceOptions): Promise<Place>;
  /**
   * Writes a file so that its name holds the old or the new content, never a part: a file in a 0700 temporary
   * directory beside it, fsync, rename. Mode and owner of a replaced file are kept (not its extended attributes),
   * a new file gets 0666 less the umask. A process killed meanwhile leaves `.<name>.<random>.mcp-tmp`, which others cannot enter.
   * @returns the stats of the new file.
   * @throws ToolError as {@link place}, and ALREADY_EXISTS, UNSUPPORTED (not a regular file).
   */
  replace(
    path: string,
    options: ReplaceOptions,
    write: (handle: FileHandle, place: Place) => Promise<void>,
  ): Promise<Stats>;

  /** Lets go of the roots; what was opened through them stays open. Calls from now on fail. */
  close(): Promise<void>;
}

/** Serialisable; what {@link SecretPolicy} is made of. */
export interface SecretPatterns {
  readonly deny: readonly string[];
  readonly allow: readonly string[];
}
