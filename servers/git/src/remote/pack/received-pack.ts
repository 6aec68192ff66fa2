import { createHash, randomBytes } from "node:crypto";
import { closeSync, constants, fsyncSync, mkdirSync, openSync, readSync, renameSync, rmSync, writeSync } from "node:fs";
import { errnoOf } from "@mcp-reference/security";
import { ToolError } from "@mcp-reference/validation";
import type { HeldDirectory } from "../../repository/confined/held-directory.js";
import type { Layout } from "../../repository/layout/types.js";

const ID_BYTES = 20;
const { O_CREAT, O_EXCL, O_NOFOLLOW, O_RDWR } = constants;

/**
 * A pack on its way into a repository: written under a name that nobody reads and `git gc` clears away, and shown under its own
 * when it is complete and has its index.
 */
export class ReceivedPack {
  /** Bytes so far. */
  size = 0;
  readonly #directory: HeldDirectory;
  readonly #temporary = `tmp_pack_${randomBytes(6).toString("hex")}`;
  readonly #fd: number;
  readonly #hash = createHash("sha1");
  /** The last bytes: they may be the checksum, which does not cover itself. */
  #tail: Buffer = Buffer.alloc(0);

  constructor(layout: Layout) {
    this.#directory = packDirectory(layout);
    try {
      this.#fd = openSync(this.#directory.at(this.#temporary), O_CREAT | O_EXCL | O_NOFOLLOW | O_RDWR, 0o444);
    } catch (error) {
      this.#directory.close();
      throw error;
    }
  }

  append(bytes: Buffer): void {
    writeFully(this.#fd, bytes);
    this.size += bytes.length;
    const known = Buffer.concat([this.#tail, bytes]);
    const end = Math.max(0, known.length - ID_BYTES);
    this.#hash.update(known.subarray(0, end));
    this.#tail = Buffer.from(known.subarray(end));
  }

  /** The checksum at its end. @throws ToolError UPSTREAM when it is not that of the bytes before it */
  finish(): Buffer {
    if (!this.#hash.digest().equals(this.#tail)) throw new ToolError("UPSTREAM", "the remote sent a damaged pack");
    return this.#tail;
  }

  /** @throws ToolError UPSTREAM beyond its end */
  read(offset: number, length: number): Buffer {
    const bytes = Buffer.allocUnsafeSlow(length);
    for (let at = 0; at < length; ) {
      const count = readSync(this.#fd, bytes, at, length - at, offset + at);
      if (count === 0) throw new ToolError("UPSTREAM", "the remote sent a pack that is cut off");
      at += count;
    }
    return bytes;
  }

  /** Shows it to everybody. The index comes last: a pack without one is not looked at. */
  publish(index: Iterable<Buffer>): void {
    const name = `pack-${this.#tail.toString("hex")}`;
    const temporaryIndex = this.#temporary.replace("tmp_pack", "tmp_idx");
    try {
      const fd = openSync(this.#directory.at(temporaryIndex), O_CREAT | O_EXCL | O_NOFOLLOW | O_RDWR, 0o444);
      try {
        for (const part of index) writeFully(fd, part);
        fsyncSync(fd);
      } finally {
        closeSync(fd);
      }
      fsyncSync(this.#fd);
      renameSync(this.#directory.at(this.#temporary), this.#directory.at(`${name}.pack`));
      renameSync(this.#directory.at(temporaryIndex), this.#directory.at(`${name}.idx`));
    } finally {
      rmSync(this.#directory.at(temporaryIndex), { force: true });
    }
  }

  /** Ends the work on it; what was not published is gone. */
  close(): void {
    closeSync(this.#fd);
    rmSync(this.#directory.at(this.#temporary), { force: true });
    this.#directory.close();
  }
}

function packDirectory({ objectDirs: [objects] }: Layout): HeldDirectory {
  if (!objects) throw new ToolError("NOT_FOUND", "the repository has no place for objects");
  const parent = objects.directory("");
  try {
    mkdirSync(parent.at("pack"));
  } catch (error) {
    if (errnoOf(error) !== "EEXIST") throw error;
  } finally {
    parent.close();
  }
  return objects.directory("pack");
}

function writeFully(fd: number, bytes: Buffer): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
}
