import { randomUUID } from "node:crypto";
import { closeSync, constants, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { errnoOf } from "@mcp-reference/security";
import type { ByteString } from "../../repository/bytes/byte-string.js";
import type { HeldDirectory } from "../../repository/confined/held-directory.js";
import type { Layout } from "../../repository/layout/types.js";

/** Bytes of one state file: a list of a few thousand commits is well below. */
const LARGEST = 16 << 20;
const { O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } = constants;

/** The small files in which git keeps what is under way: `MERGE_HEAD`, `rebase-merge/onto` and their like. */
export class GitDirFiles {
  readonly #layout: Layout;

  constructor(layout: Layout) {
    this.#layout = layout;
  }

  /** Content; undefined where there is no such file. */
  read(path: ByteString): ByteString | undefined {
    return this.#layout.gitDir.read(path, LARGEST)?.toString("latin1");
  }

  /** Without the line feed at its end. */
  readLine(path: ByteString): ByteString | undefined {
    return this.read(path)?.replace(/\n$/, "");
  }

  has(path: ByteString): boolean {
    return this.#layout.gitDir.stat(path) !== undefined;
  }

  /** Replaces a file, whole or not at all. Its directory is made where it is missing. */
  write(path: ByteString, content: ByteString): void {
    const slash = path.lastIndexOf("/");
    this.#in(path.slice(0, Math.max(slash, 0)), true, (directory) => {
      const staged = directory.at(`.mcp-${randomUUID()}.tmp`);
      const fd = openSync(staged, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o666);
      try {
        writeFileSync(fd, content, "latin1");
        fsyncSync(fd);
      } finally {
        closeSync(fd);
      }
      renameSync(staged, directory.at(path.slice(slash + 1)));
    });
  }

  /** Removes files at the top of the git directory; those that are missing are fine. */
  remove(...names: readonly ByteString[]): void {
    this.#in("", false, (directory) => {
      for (const name of names) rmSync(directory.at(name), { force: true });
    });
  }

  /** Removes a directory of state files. */
  removeDirectory(name: "rebase-merge" | "sequencer"): void {
    this.#in("", false, (directory) => rmSync(directory.at(name), { recursive: true, force: true }));
  }

  #in(folder: ByteString, make: boolean, work: (directory: HeldDirectory) => void): void {
    if (make && folder !== "") {
      this.#in("", false, (top) => {
        try {
          mkdirSync(top.at(folder));
        } catch (error) {
          if (errnoOf(error) !== "EEXIST") throw error;
        }
      });
    }
    const directory = this.#layout.gitDir.directory(folder);
    try {
      work(directory);
    } finally {
      directory.close();
    }
  }
}
