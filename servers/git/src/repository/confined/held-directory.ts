import { closeSync, type Dirent, readdirSync } from "node:fs";
import { type ByteString, fsPath } from "../bytes/byte-string.js";

/** A directory held open: names are addressed through it, so that a parent swapped for a link changes nothing. */
export class HeldDirectory {
  /** Absolute path, for people. */
  readonly path: ByteString;
  readonly #fd: number;

  /** @param fd becomes this object's own */
  constructor(path: ByteString, fd: number) {
    this.path = path;
    this.#fd = fd;
  }

  /** Where `node:fs` finds one entry of this very directory; valid until it is closed. */
  at(name: ByteString): string | Buffer {
    return fsPath(process.platform === "linux" ? `/proc/self/fd/${this.#fd}/${name}` : `${this.path}/${name}`);
  }

  /** Its entries, names as bytes. */
  entries(): Dirent<Buffer>[] {
    return readdirSync(this.at("."), { withFileTypes: true, encoding: "buffer" });
  }

  close(): void {
    closeSync(this.#fd);
  }
}
