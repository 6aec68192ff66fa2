import { createHash, randomBytes } from "node:crypto";
import {
  closeSync,
  constants,
  futimesSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  unlinkSync,
  writeSync,
} from "node:fs";
import { deflateSync, constants as zlib } from "node:zlib";
import { errnoOf } from "@mcp-reference/security";
import { ToolError } from "@mcp-reference/validation";
import { fsPath } from "../bytes/byte-string.js";
import type { ConfinedFiles } from "../confined/confined-files.js";
import type { HeldDirectory } from "../confined/held-directory.js";
import type { ObjectId, ObjectType } from "../object-id.js";
import { damaged, tooLarge } from "./damaged.js";
import { inflateBeginning, inflateExactly, STREAM_BEGINNING } from "./inflate.js";
import type { GitObject } from "./types.js";

const HEADER = /^(commit|tree|blob|tag) (0|[1-9][0-9]{0,14})\0/;

interface Header {
  readonly type: ObjectType;
  readonly size: number;
  /** Bytes of the header itself. */
  readonly length: number;
}

/** What this process calls files until they are whole, before their number. */
const TEMPORARY = `tmp_obj_${randomBytes(6).toString("hex")}_`;
let written = 0;

/** Objects of one directory that have a file each: `12/34…`. */
export class LooseObjects {
  readonly #files: ConfinedFiles;

  constructor(files: ConfinedFiles) {
    this.#files = files;
  }

  has(oid: ObjectId): boolean {
    return !this.#isAbsent(pathOf(oid)) && this.#files.stat(pathOf(oid))?.isFile() === true;
  }

  /** Makes an object young, that a prune under way does not take what is about to be used. @returns whether it is there */
  touch(oid: ObjectId): boolean {
    const fd = this.#isAbsent(pathOf(oid)) ? undefined : this.#files.open(pathOf(oid));
    if (fd === undefined) return false;
    try {
      const now = Date.now() / 1000;
      futimesSync(fd, now, now);
      return true;
    } catch {
      return true; // Another user's: it is there, only not made younger.
    } finally {
      closeSync(fd);
    }
  }

  /** Type and size in bytes; undefined where there is no such object. @throws ToolError UPSTREAM */
  header(oid: ObjectId): { type: ObjectType; size: number } | undefined {
    const fd = this.#files.open(pathOf(oid));
    if (fd === undefined) return undefined;
    try {
      const bytes = Buffer.alloc(STREAM_BEGINNING);
      const { type, size } = readHeader(bytes.subarray(0, readSync(fd, bytes)), oid);
      return { type, size };
    } finally {
      closeSync(fd);
    }
  }

  /**
   * The whole object, which is hashed: a file that was cut off by a crash must not pass for another.
   * @param most bytes
   * @throws ToolError UPSTREAM, TOO_LARGE
   */
  read(oid: ObjectId, most: number): GitObject | undefined {
    // Deflate makes no more of what it cannot compress than a little; the rest would not belong to the object.
    const bytes = this.#files.read(pathOf(oid), most + (most >>> 8) + 1024);
    if (!bytes) return undefined;
    const { type, size, length } = readHeader(bytes.subarray(0, STREAM_BEGINNING), oid);
    if (size > most) throw tooLarge(size, most);
    const whole = inflateOrFail(bytes, length + size, oid);
    if (createHash("sha1").update(whole).digest("hex") !== oid)
      throw damaged(`object ${oid} is not what its name says`);
    return { type, body: whole.subarray(length) };
  }

  /** Ids that start with `prefix` (2 digits or more); no more than `most`. */
  matching(prefix: string, most: number): ObjectId[] {
    const fanout = prefix.slice(0, 2);
    if (this.#isAbsent(fanout) || !this.#files.stat(fanout)?.isDirectory()) return [];
    const directory = this.#files.directory(fanout);
    try {
      const files = directory.entries().filter((entry) => entry.isFile());
      const ids = files.map((entry) => fanout + entry.name.toString("latin1"));
      return ids.filter((id) => /^[0-9a-f]{40}$/.test(id) && id.startsWith(prefix)).slice(0, most);
    } finally {
      directory.close();
    }
  }

  /** Writes an object under its id: complete before it has its name. As git by default, it leaves to the system when that is on disk. */
  write(oid: ObjectId, whole: Uint8Array): void {
    const fanout = this.#fanout(oid.slice(0, 2));
    try {
      const temporary = `${TEMPORARY}${written++}`;
      writeNew(fanout, temporary, deflateSync(whole, { level: zlib.Z_BEST_SPEED }));
      giveName(fanout, temporary, oid.slice(2));
    } finally {
      fanout.close();
    }
  }

  #fanout(name: string): HeldDirectory {
    if (this.#isAbsent(name)) this.#makeFanout(name);
    return this.#files.directory(name);
  }

  #makeFanout(name: string): void {
    const objects = this.#files.directory("");
    try {
      mkdirSync(objects.at(name));
    } catch (error) {
      if (errnoOf(error) !== "EEXIST") throw notWritable(error);
    } finally {
      objects.close();
    }
  }

  /** Once packed, most objects are gone, which `open` takes ten times as long to find out. */
  #isAbsent(path: string): boolean {
    try {
      return lstatSync(fsPath(this.#files.path(path)), { throwIfNoEntry: false }) === undefined;
    } catch {
      return false; // opening it tells what is wrong
    }
  }
}

const pathOf = (oid: ObjectId): string => `${oid.slice(0, 2)}/${oid.slice(2)}`;

function readHeader(bytes: Buffer, oid: ObjectId): Header {
  try {
    const match = HEADER.exec(inflateBeginning(bytes).toString("latin1", 0, 32));
    if (match) return { type: match[1] as ObjectType, size: Number(match[2]), length: match[0].length };
  } catch (error) {
    throw damaged(`object ${oid}`, error);
  }
  throw damaged(`object ${oid} has no header`);
}

function inflateOrFail(bytes: Buffer, size: number, oid: ObjectId): Buffer {
  try {
    const whole = inflateExactly(bytes, size);
    if (whole) return whole;
  } catch (error) {
    throw damaged(`object ${oid}`, error);
  }
  throw damaged(`object ${oid} is cut off`);
}

function writeNew(directory: HeldDirectory, name: string, bytes: Uint8Array): void {
  try {
    const fd = openSync(directory.at(name), constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o444);
    try {
      for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    throw notWritable(error);
  }
}

/** A link never replaces what another writer put there meanwhile; some file systems only know how to rename. */
function giveName(directory: HeldDirectory, temporary: string, name: string): void {
  try {
    linkSync(directory.at(temporary), directory.at(name));
    unlinkSync(directory.at(temporary));
  } catch (error) {
    if (errnoOf(error) === "EEXIST") unlinkSync(directory.at(temporary));
    else renameSync(directory.at(temporary), directory.at(name));
  }
}

function notWritable(cause: unknown): unknown {
  const errno = errnoOf(cause);
  if (errno === "ENOSPC" || errno === "EDQUOT") return new ToolError("UNAVAILABLE", "The disk is full", { cause });
  return errno === undefined
    ? cause
    : new ToolError("PERMISSION_DENIED", "The repository's objects cannot be written", { cause });
}
