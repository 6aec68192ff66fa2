import { randomUUID } from "node:crypto";
import {
  closeSync,
  type Dirent,
  lstatSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  type Stats,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { errnoOf, fromErrno } from "@mcp-reference/security";
import { ToolError } from "@mcp-reference/validation";
import { readAttributes } from "../../repository/attributes/attribute-rules.js";
import { type ByteString, fsPath, textOf } from "../../repository/bytes/byte-string.js";
import type { HeldDirectory } from "../../repository/confined/held-directory.js";
import { LINK, PROGRAM, SUBMODULE } from "../../repository/file-mode.js";
import { statOf } from "../../repository/index-file/stat-of.js";
import type { IndexStat } from "../../repository/index-file/types.js";
import { treeNameProblem } from "../../repository/objects/tree-name.js";
import type { Repository } from "../../repository/repository.js";
import type { ConversionRules } from "../../repository/worktree/conversion-of.js";
import { worktreeOf } from "../../repository/worktree/hash-file.js";
import { toWorktree } from "../../repository/worktree/line-endings.js";
import type { IndexDraft } from "../index-edit/index-draft.js";
import { nameOf, parentOf } from "./byte-path.js";
import { HeldDirectories } from "./held-directories.js";
import { removeDirectory } from "./remove-directory.js";
import type { TrackedFile } from "./tracked-file.js";

/** Bytes of the longest link the file systems we meet can store. */
const LONGEST_LINK = 4095;

/** What files are called until they are in place. */
const STAGED = /^\.mcp-[0-9a-f-]{36}\.tmp$/;

/**
 * Changes tracked files. Every name is checked before a path is made of it, no directory is entered through a link, and a file
 * appears whole or not at all. Whether something may be replaced is for the caller to know.
 */
export class WorktreeWriter {
  readonly #repo: Repository;
  readonly #directories: HeldDirectories;
  readonly #gitDirectories: HeldDirectories;
  readonly #linksAreFiles: boolean;
  #rules: ConversionRules;
  /** Where files are staged: the git directory unless it is on another file system, so that nothing is left among the user's files. */
  #stagedInGitDir = true;
  #isSwept = false;

  /** @throws ToolError UNSUPPORTED for a bare repository */
  constructor(repo: Repository) {
    this.#repo = repo;
    this.#rules = repo;
    this.#directories = new HeldDirectories(worktreeOf(repo));
    this.#gitDirectories = new HeldDirectories(repo.layout.gitDir);
    this.#linksAreFiles = repo.config.flag("core.symlinks") === false;
  }

  /** From now on files are converted by the `.gitattributes` of the worktree as it is now and, where it lacks one, of an index to be. */
  convertAsIn(draft: IndexDraft): void {
    const { layout, config, objects } = this.#repo;
    const attributes = readAttributes(layout, config, (path) => {
      const [entry] = draft.at(path);
      return entry && objects.blob(entry.oid);
    });
    this.#rules = { config, attributes: () => attributes };
  }

  /** What is at a path; undefined where there is nothing, or only something behind a link. */
  lstat(path: ByteString): Stats | undefined {
    try {
      const directory = this.#directories.find(parentOf(path));
      return directory && lstatSync(directory.at(nameOf(path)), { throwIfNoEntry: false });
    } catch (error) {
      throw fromErrno(error, textOf(path));
    }
  }

  /** As {@link lstat}, as the index remembers it. */
  stat(path: ByteString): IndexStat | undefined {
    const directory = this.#directories.find(parentOf(path));
    const stats = directory && lstatSync(directory.at(nameOf(path)), { bigint: true, throwIfNoEntry: false });
    return stats && statOf(stats);
  }

  /** What is in a directory; undefined where there is none. */
  list(path: ByteString): readonly Dirent<Buffer>[] | undefined {
    return this.#directories.find(path)?.entries();
  }

  /**
   * Writes a file, a link, or the directory of a submodule, with its content from the object store.
   * @returns what the index has to remember of it
   * @throws ToolError INVALID_ARGUMENT for a path no checkout may touch; NOT_FOUND, TOO_LARGE of the object; CONFLICT for a directory there
   */
  write({ path, mode, oid }: TrackedFile): IndexStat {
    if (mode === SUBMODULE) return this.#writeSubmodule(path);
    return this.writeContent(path, mode, this.#repo.objects.blob(oid));
  }

  /** As {@link write}, of content that need not be an object yet; as git stores it, with `\n` line ends. */
  writeContent(path: ByteString, mode: number, content: Buffer): IndexStat {
    checkPath(path);
    const directory = this.#directories.make(parentOf(path));
    try {
      if (mode === LINK && !this.#linksAreFiles) this.#placeLink(path, directory, content);
      else this.#placeFile(directory, path, mode, mode === LINK ? content : toWorktree(this.#rules, path, content));
      return statOf(lstatSync(directory.at(nameOf(path)), { bigint: true }));
    } catch (error) {
      throw fromErrno(error, textOf(path));
    }
  }

  /** Removes a file or link, or the directory of a submodule if it is empty, and then the directories left empty. */
  remove(path: ByteString, mode: number): void {
    checkPath(path);
    if (mode === SUBMODULE) {
      this.#directories.removeEmpty(path);
      return;
    }
    const directory = this.#directories.find(parentOf(path));
    if (!directory) return;
    try {
      unlinkSync(directory.at(nameOf(path)));
    } catch (error) {
      // A directory in its place is somebody else's: the tracked file is gone, and that is what was wanted.
      if (["EISDIR", "EPERM"].includes(errnoOf(error) ?? "") && this.lstat(path)?.isDirectory()) return;
      if (errnoOf(error) !== "ENOENT") throw fromErrno(error, textOf(path));
    }
    this.#directories.removeEmpty(parentOf(path));
  }

  /** Removes an untracked file, or a directory with all in it. @throws ToolError CONFLICT where it holds a repository */
  clear(path: ByteString): void {
    checkPath(path);
    const parent = this.#directories.find(parentOf(path));
    if (!parent) return;
    this.#directories.forget(path);
    removeDirectory(parent, nameOf(path), path);
  }

  close(): void {
    this.#directories.close();
    this.#gitDirectories.close();
  }

  #writeSubmodule(path: ByteString): IndexStat {
    checkPath(path);
    const directory = this.#directories.make(parentOf(path));
    const at = directory.at(nameOf(path));
    try {
      if (!lstatSync(at, { throwIfNoEntry: false })?.isDirectory()) {
        rmSync(at, { force: true });
        mkdirSync(at);
      }
      return statOf(lstatSync(at, { bigint: true }));
    } catch (error) {
      throw fromErrno(error, textOf(path));
    }
  }

  #placeFile(directory: HeldDirectory, path: ByteString, mode: number, content: Buffer): void {
    this.#place(directory, nameOf(path), (staged) => {
      const fd = openSync(staged, "wx", mode === PROGRAM ? 0o777 : 0o666);
      try {
        writeFileSync(fd, content);
      } finally {
        closeSync(fd);
      }
    });
  }

  #placeLink(path: ByteString, directory: HeldDirectory, content: Buffer): void {
    const target = content.toString("latin1");
    if (target === "" || target.includes("\0") || target.length > LONGEST_LINK) {
      throw new ToolError("UNSUPPORTED", `${textOf(path)} is a link that no file system can store`);
    }
    this.#place(directory, nameOf(path), (staged) => symlinkSync(fsPath(target), staged));
  }

  /** Makes something under a name of its own, then moves it into place. */
  #place(directory: HeldDirectory, name: ByteString, make: (staged: string | Buffer) => void): void {
    const staging = this.#stagedInGitDir ? this.#swept() : directory;
    const staged = staging.at(`.mcp-${randomUUID()}.tmp`);
    try {
      make(staged);
      renameSync(staged, directory.at(name));
    } catch (error) {
      rmSync(staged, { force: true });
      if (errnoOf(error) !== "EXDEV" || !this.#stagedInGitDir) throw error;
      this.#stagedInGitDir = false;
      this.#place(directory, name, make);
    }
  }

  /** The git directory, without what killed processes left in it: whoever holds the lock of the index is the only one to stage files. */
  #swept(): HeldDirectory {
    const directory = this.#gitDirectories.make("");
    if (this.#isSwept) return directory;
    this.#isSwept = true;
    for (const entry of directory.entries()) {
      const name = entry.name.toString("latin1");
      if (STAGED.test(name)) rmSync(directory.at(name), { force: true });
    }
    return directory;
  }
}

/** A tree is written by strangers: each name of its paths must be one that git itself would check out. */
function checkPath(path: ByteString): void {
  for (const name of path.split("/")) {
    const problem = treeNameProblem(name);
    if (problem) throw new ToolError("INVALID_ARGUMENT", `${textOf(path)} cannot be a tracked file: ${problem}`);
  }
}
