import { ToolError } from "@mcp-reference/validation";
import { type ByteString, textOf } from "../../repository/bytes/byte-string.js";
import { FILE, SUBMODULE } from "../../repository/file-mode.js";
import type { IndexEntry } from "../../repository/index-file/types.js";
import { treeNameProblem } from "../../repository/objects/tree-name.js";
import type { Repository } from "../../repository/repository.js";
import { hashFile } from "../../repository/worktree/hash-file.js";
import { type IndexDraft, newEntry } from "../index-edit/index-draft.js";
import type { EntryStates } from "../worktree/entry-states.js";
import type { WorktreeWriter } from "../worktree/worktree-writer.js";
import { embeddedHead } from "./embedded-head.js";

/** What happened to the paths of an addition. */
export interface StagedPaths {
  readonly added: readonly ByteString[];
  readonly modified: readonly ByteString[];
  readonly deleted: readonly ByteString[];
  /** Repositories inside the worktree that are recorded as submodules. */
  readonly embedded: readonly ByteString[];
}

/** Puts files of the worktree into an index draft, and their content into the object store. */
export class Stager implements StagedPaths {
  readonly added: ByteString[] = [];
  readonly modified: ByteString[] = [];
  readonly deleted: ByteString[] = [];
  readonly embedded: ByteString[] = [];
  readonly #repo: Repository;
  readonly #draft: IndexDraft;
  readonly #writer: WorktreeWriter;
  #emptyBlob: string | undefined;

  constructor(repo: Repository, draft: IndexDraft, writer: WorktreeWriter) {
    this.#repo = repo;
    this.#draft = draft;
    this.#writer = writer;
  }

  /** A tracked file as it is now, or that it is gone. */
  restage(entry: IndexEntry, states: EntryStates): void {
    const { path } = entry;
    if (entry.mode === SUBMODULE) {
      this.#restageSubmodule(entry);
      return;
    }
    const state = states.of(entry);
    if (state === "same" && !entry.intentToAdd) return;
    if (state === "missing" || !this.#isFile(path)) {
      this.#draft.remove(path);
      this.deleted.push(path);
    } else if (this.#store(path)) (entry.intentToAdd ? this.added : this.modified).push(path);
  }

  /** That a tracked file is gone; changes to one that is there are left for later. */
  dropMissing({ path, skipWorktree }: IndexEntry, states: EntryStates): void {
    if (skipWorktree || this.#writer.lstat(path) || states.isBlocked(path)) return;
    this.#draft.remove(path);
    this.deleted.push(path);
  }

  /** The outcome of a conflict: the file as it is now. */
  resolve(path: ByteString): void {
    if (this.#draft.at(path).every(({ stage }) => stage === 0)) return;
    if (this.#isFile(path) && this.#store(path)) this.modified.push(path);
    else {
      this.#draft.remove(path);
      this.deleted.push(path);
    }
  }

  /** A file, link or embedded repository that was not tracked. @throws ToolError INVALID_ARGUMENT for a name git refuses */
  stageNew(path: ByteString, isRepository: boolean): void {
    checkNames(path);
    if (isRepository) {
      this.#stageSubmodule(path);
      this.embedded.push(path);
    } else if (!this.#store(path)) return;
    this.added.push(path);
  }

  /** Only that a file will be added: it shows up in diffs, but not in the next commit. @throws as {@link stageNew} */
  intend(path: ByteString): void {
    checkNames(path);
    this.#emptyBlob ??= this.#repo.objects.write("blob", Buffer.alloc(0));
    const mode = hashFile(this.#repo, path)?.mode ?? FILE;
    this.#draft.put({ ...newEntry({ path, mode, oid: this.#emptyBlob }), intentToAdd: true });
    this.added.push(path);
  }

  #isFile(path: ByteString): boolean {
    const stats = this.#writer.lstat(path);
    return stats !== undefined && (stats.isFile() || stats.isSymbolicLink());
  }

  /** False where there is no file any more. @throws ToolError UNSUPPORTED for what is neither file nor link */
  #store(path: ByteString): boolean {
    // Looked at before it is read: a change while it is read then shows.
    const stat = this.#writer.stat(path);
    const file = stat && hashFile(this.#repo, path);
    if (!file) return false;
    const oid = this.#repo.objects.write("blob", file.content);
    this.#draft.put(newEntry({ path, mode: file.mode, oid }, stat));
    return true;
  }

  #restageSubmodule(entry: IndexEntry): void {
    const { path } = entry;
    const stats = this.#writer.lstat(path);
    if (!stats) {
      this.#draft.remove(path);
      this.deleted.push(path);
    } else if (!stats.isDirectory()) {
      if (this.#isFile(path) && this.#store(path)) this.modified.push(path);
    } else if (this.#writer.lstat(`${path}/.git`) && embeddedHead(this.#repo, path) !== entry.oid) {
      this.#stageSubmodule(path);
      this.modified.push(path);
    }
  }

  #stageSubmodule(path: ByteString): void {
    const oid = embeddedHead(this.#repo, path);
    this.#draft.put(newEntry({ path, mode: SUBMODULE, oid }, this.#writer.stat(path)));
  }
}

function checkNames(path: ByteString): void {
  const problem = path.split("/").map(treeNameProblem).find(Boolean);
  if (problem) throw new ToolError("INVALID_ARGUMENT", `${textOf(path)} cannot be tracked: it ${problem}`);
}
