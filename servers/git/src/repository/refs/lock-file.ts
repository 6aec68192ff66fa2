import { closeSync, constants, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { errnoOf } from "@mcp-reference/security";
import { ToolError } from "@mcp-reference/validation";
import { type ByteString, textOf } from "../bytes/byte-string.js";
import type { ConfinedFiles } from "../confined/confined-files.js";
import type { HeldDirectory } from "../confined/held-directory.js";
import { parentInside } from "./ref-directories.js";

const { O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } = constants;

/** Milliseconds; what git waits by default for the lock of a ref, and for that of `packed-refs`. */
export const REF_PATIENCE_MS = 100;
export const PACKED_PATIENCE_MS = 1000;

/** `<path>.lock`, as every git takes it: made exclusively, renamed to its path to commit, removed to give up. */
export class LockFile {
  readonly #directory: HeldDirectory;
  readonly #name: ByteString;
  #fd: number | undefined;
  #held = true;

  private constructor(directory: HeldDirectory, name: ByteString, fd: number) {
    this.#directory = directory;
    this.#name = name;
    this.#fd = fd;
  }

  /** Waits briefly for another holder. @throws ToolError CONFLICT */
  static take(files: ConfinedFiles, path: ByteString, patienceMs: number): LockFile {
    const end = performance.now() + patienceMs;
    for (let pauseMs = 1; ; pauseMs = Math.min(pauseMs * 2, 20)) {
      const { directory, name } = parentInside(files, path);
      try {
        const fd = openSync(directory.at(`${name}.lock`), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o666);
        return new LockFile(directory, name, fd);
      } catch (error) {
        directory.close();
        const code = errnoOf(error);
        // ENOENT: the directory was empty, and another process removed it.
        if (code !== "EEXIST" && code !== "ENOENT") throw error;
        if (performance.now() >= end) throw lockedBy(files, path);
      }
      sleep(Math.random() * pauseMs + 1);
    }
  }

  /** What the file is to hold; on disk when this returns. */
  write(content: Uint8Array): void {
    if (this.#fd === undefined) throw new Error("a lock file is written once");
    writeFileSync(this.#fd, content);
    fsyncSync(this.#fd);
    this.#closeFile();
  }

  /** Puts what was written in the place of what is locked. */
  commit(): void {
    this.#closeFile();
    renameSync(this.#directory.at(`${this.#name}.lock`), this.#directory.at(this.#name));
    this.#held = false;
  }

  /** Deletes the file that is locked, if it is there. */
  deleteLocked(): void {
    rmSync(this.#directory.at(this.#name), { force: true });
  }

  /** Replaces the locked file without giving up the lock. */
  replaceLocked(content: Uint8Array): void {
    const temporary = this.#directory.at(`${this.#name}.mcp`);
    rmSync(temporary, { force: true });
    const fd = openSync(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o666);
    try {
      writeFileSync(fd, content);
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    renameSync(temporary, this.#directory.at(this.#name));
  }

  release(): void {
    this.#closeFile();
    if (this.#held) rmSync(this.#directory.at(`${this.#name}.lock`), { force: true });
    this.#held = false;
    this.#directory.close();
  }

  #closeFile(): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
  }
}

function lockedBy(files: ConfinedFiles, path: ByteString): ToolError {
  const lock = files.path(`${path}.lock`);
  const made = files.stat(`${path}.lock`)?.mtimeMs;
  const age = made === undefined ? "" : ` since ${Math.max(0, Math.round((Date.now() - Number(made)) / 1000))} s`;
  return new ToolError("CONFLICT", `${textOf(path)} is locked by another process${age}`, {
    hint: `Try again; if no git is running, a crashed one left the lock: delete ${textOf(lock)}`,
  });
}

/** Blocks: a transaction is synchronous, and as short as the wait is rare. */
function sleep(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
