import { ToolError } from "@mcp-reference/validation";
import { type ByteString, textOf } from "../bytes/byte-string.js";
import type { GitConfig } from "../config/types.js";
import type { Layout } from "../layout/types.js";
import { NULL_ID, type ObjectId } from "../object-id.js";
import type { ObjectStore } from "../objects/types.js";
import { LockFile, PACKED_PATIENCE_MS, REF_PATIENCE_MS } from "./lock-file.js";
import type { LooseRef } from "./loose-refs.js";
import { checkAvailable } from "./name-conflicts.js";
import { formatPackedRefs, PACKED_REFS } from "./packed-refs.js";
import { checkChange, checkExpected, checkObject } from "./ref-checks.js";
import { removeEmptyDirectories, removeEmptyParents } from "./ref-directories.js";
import { directoryOfRef } from "./ref-location.js";
import { brokenRef, type RefReader } from "./ref-reader.js";
import { appendToReflog, removeReflog } from "./reflog-file.js";
import type { RefChange, ReflogEntry } from "./types.js";

/** A ref whose lock is held. */
interface Step {
  readonly change: RefChange;
  readonly lock: LockFile;
  readonly before: ObjectId | undefined;
  /** `log`: it is symbolic, and what it stands for changes. `none`: it has that value already. */
  readonly action: "write" | "delete" | "log" | "none";
}

/** One `update`: {@link prepare} can fail and leaves nothing behind; {@link commit} then writes what is known to fit. */
export class RefTransaction {
  readonly #layout: Layout;
  readonly #reader: RefReader;
  readonly #objects: ObjectStore;
  readonly #config: GitConfig;
  readonly #steps = new Map<ByteString, Step>();
  #packedLock: LockFile | undefined;

  constructor(layout: Layout, reader: RefReader, objects: ObjectStore, config: GitConfig) {
    this.#layout = layout;
    this.#reader = reader;
    this.#objects = objects;
    this.#config = config;
  }

  /** Locks every ref and compares it with what is expected. @throws ToolError CONFLICT, INVALID_ARGUMENT, NOT_FOUND */
  prepare(changes: readonly RefChange[]): void {
    for (const change of changes) checkChange(change);
    for (const change of changes) checkObject(this.#objects, change);
    for (const change of changes) this.#lock(change);
    this.#logOfHead();
    checkAvailable(this.#layout, this.#reader, this.#created());
    // Whoever packs refs meanwhile must not bring back one that is deleted here.
    if (this.#with("delete").length > 0) {
      this.#packedLock = LockFile.take(this.#layout.commonDir, PACKED_REFS, PACKED_PATIENCE_MS);
    }
    for (const { change, lock } of this.#with("write")) lock.write(contentOf(change));
  }

  commit(log: Pick<ReflogEntry, "who" | "message">): void {
    for (const step of this.#steps.values()) {
      if (step.action === "write" || step.action === "log") this.#appendToLog(step, log);
      if (step.action === "write") this.#replace(step);
    }
    this.#deleteRefs(this.#with("delete"));
  }

  /** Gives up every lock; what was committed stays. */
  release(): void {
    for (const { lock } of this.#steps.values()) lock.release();
    this.#packedLock?.release();
    for (const { change } of this.#with("delete")) {
      removeEmptyParents(directoryOfRef(this.#layout, change.ref), change.ref, 2);
    }
  }

  #lock(change: RefChange): void {
    const { ref } = change;
    if (this.#steps.has(ref)) throw new ToolError("INVALID_ARGUMENT", `${textOf(ref)} is to be changed twice at once`);
    const lock = LockFile.take(directoryOfRef(this.#layout, ref), ref, REF_PATIENCE_MS);
    try {
      this.#addStep(change, lock);
    } catch (error) {
      if (this.#steps.get(ref)?.lock !== lock) lock.release();
      throw error;
    }
  }

  #addStep(change: RefChange, lock: LockFile): void {
    const { ref } = change;
    const found = this.#reader.raw(ref);
    if (found?.kind === "broken") throw brokenRef(ref);
    const before = found?.kind === "symbolic" ? this.#reader.follow(ref).oid : found?.oid;
    if (found?.kind === "symbolic" && change.target === undefined && change.follow !== false) {
      this.#steps.set(ref, { change: { ref, to: change.to }, lock, before, action: "log" });
      this.#lock({ ...change, ref: found.target });
      return;
    }
    checkExpected(change, before);
    this.#steps.set(ref, { change, lock, before, action: actionOf(change, found) });
  }

  /** What happens to the branch that is checked out is told in the reflog of `HEAD` too. */
  #logOfHead(): void {
    if (this.#steps.has("HEAD")) return;
    const head = this.#reader.raw("HEAD");
    const step = head?.kind === "symbolic" ? this.#steps.get(head.target) : undefined;
    if (step === undefined || step.change.target !== undefined) return;
    const lock = LockFile.take(this.#layout.gitDir, "HEAD", REF_PATIENCE_MS);
    this.#steps.set("HEAD", { change: { ref: "HEAD", to: step.change.to }, lock, before: step.before, action: "log" });
  }

  #created(): ByteString[] {
    const written = this.#with("write").filter(({ change }) => this.#reader.raw(change.ref) === undefined);
    return written.map(({ change }) => change.ref);
  }

  #with(action: Step["action"]): Step[] {
    return [...this.#steps.values()].filter((step) => step.action === action);
  }

  #appendToLog({ change, before }: Step, log: Pick<ReflogEntry, "who" | "message">): void {
    const { ref, target } = change;
    const to = target === undefined ? change.to : this.#reader.follow(target).oid;
    if (target !== undefined && to === undefined) return;
    const create = change.keepLog === true || this.#logsByItself(ref);
    appendToReflog(this.#layout, ref, { ...log, from: before ?? NULL_ID, to: to ?? NULL_ID }, create);
  }

  #logsByItself(ref: ByteString): boolean {
    if (this.#config.get("core.logallrefupdates")?.toLowerCase() === "always") return true;
    if (!(this.#config.flag("core.logallrefupdates") ?? this.#layout.worktree !== undefined)) return false;
    return ref === "HEAD" || /^refs\/(heads|remotes|notes)\//.test(ref);
  }

  #replace({ change, lock }: Step): void {
    const files = directoryOfRef(this.#layout, change.ref);
    if (!removeEmptyDirectories(files, change.ref)) throw this.#directoryInTheWay(change.ref);
    lock.commit();
  }

  #directoryInTheWay(ref: ByteString): ToolError {
    return new ToolError("CONFLICT", `${textOf(ref)} cannot be made: there are refs below it`, {
      hint: "Choose another name, or delete those refs",
    });
  }

  /** From `packed-refs` first: until its file is gone, a ref keeps its latest value. */
  #deleteRefs(steps: readonly Step[]): void {
    const { refs, traits } = this.#reader.packed();
    const names = new Set(steps.map(({ change }) => change.ref));
    for (const name of names) removeReflog(this.#layout, name);
    if ([...names].some((name) => refs.has(name))) {
      const kept = [...refs.values()].filter(({ name }) => !names.has(name));
      this.#packedLock?.replaceLocked(formatPackedRefs(kept, traits));
    }
    for (const { lock } of steps) lock.deleteLocked();
  }
}

function actionOf(change: RefChange, found: LooseRef | undefined): Step["action"] {
  if (change.target !== undefined) return "write";
  if (change.to === undefined) return "delete";
  return found?.kind === "direct" && found.oid === change.to ? "none" : "write";
}

const contentOf = ({ to, target }: RefChange): Buffer =>
  Buffer.from(target === undefined ? `${to}\n` : `ref: ${target}\n`, "latin1");
