import { constants } from "node:fs";
import type { FileStat } from "../../index-file/file-stat.js";

/** Numbers that are kept of a file. */
const WIDTH = 7;

/** Where the two threads are, at the start of the memory. */
const READER = 0;
const HELPER = 1;
const MARKS_BYTES = 8;

/**
 * Stats of a list of files in memory that two threads share. The reader takes them from the first file on, the helper fills them in
 * from the last one back. Neither waits: a file that the helper has not come to, the reader looks at itself; where they meet, the
 * helper stops.
 */
export class SharedStats {
  readonly memory: SharedArrayBuffer;
  readonly count: number;
  readonly #marks: Int32Array;
  readonly #numbers: Float64Array;

  constructor(memory: SharedArrayBuffer) {
    this.memory = memory;
    this.#marks = new Int32Array(memory, 0, 2);
    this.#numbers = new Float64Array(memory, MARKS_BYTES);
    this.count = this.#numbers.length / WIDTH;
  }

  /**
   * With room for so many files, of which none is filled in.
   * @param used memory that the helper is through with, to be taken again if it is of that size and the reader is too
   */
  static forFiles(count: number, used?: SharedStats): SharedStats {
    const isFree = used?.count === count && !used.awaits(count - 1);
    const bytes = MARKS_BYTES + count * WIDTH * Float64Array.BYTES_PER_ELEMENT;
    const stats = isFree ? used : new SharedStats(new SharedArrayBuffer(bytes));
    Atomics.store(stats.#marks, READER, 0);
    Atomics.store(stats.#marks, HELPER, count);
    return stats;
  }

  /** Reader: files up to this one need not be filled in any more. Tells whether this one is, so that {@link at} may be asked. */
  arriveAt(file: number): boolean {
    Atomics.store(this.#marks, READER, file);
    return file >= this.filledFrom;
  }

  /** This file and those after it are filled in. */
  get filledFrom(): number {
    return Atomics.load(this.#marks, HELPER);
  }

  /** Reader: undefined where there is no such file. */
  at(file: number): FileStat | undefined {
    const [numbers, start] = [this.#numbers, file * WIDTH];
    const mode = numbers[start] ?? 0;
    return mode === 0 ? undefined : new KeptStat(mode, numbers, start);
  }

  /** Helper: is this file still to be filled in? */
  awaits(file: number): boolean {
    return file > Atomics.load(this.#marks, READER);
  }

  /** Helper: fills in the file before the one that was filled in last. */
  fillIn(file: number, stat: FileStat | undefined): void {
    const [numbers, start] = [this.#numbers, file * WIDTH];
    numbers[start] = stat?.mode ?? 0;
    if (stat) {
      numbers[start + 1] = stat.size;
      numbers[start + 2] = stat.mtimeMs;
      numbers[start + 3] = stat.ctimeMs;
      numbers[start + 4] = stat.ino;
      numbers[start + 5] = stat.uid;
      numbers[start + 6] = stat.gid;
    }
    Atomics.store(this.#marks, HELPER, file);
  }
}

class KeptStat implements FileStat {
  readonly mode: number;
  readonly size: number;
  readonly mtimeMs: number;
  readonly ctimeMs: number;
  readonly ino: number;
  readonly uid: number;
  readonly gid: number;

  constructor(mode: number, numbers: Float64Array, start: number) {
    this.mode = mode;
    this.size = numbers[start + 1] ?? 0;
    this.mtimeMs = numbers[start + 2] ?? 0;
    this.ctimeMs = numbers[start + 3] ?? 0;
    this.ino = numbers[start + 4] ?? 0;
    this.uid = numbers[start + 5] ?? 0;
    this.gid = numbers[start + 6] ?? 0;
  }

  isDirectory(): boolean {
    return (this.mode & constants.S_IFMT) === constants.S_IFDIR;
  }

  isSymbolicLink(): boolean {
    return (this.mode & constants.S_IFMT) === constants.S_IFLNK;
  }
}
