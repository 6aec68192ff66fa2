import type { ComparedSide } from "./changed-lines.js";

/**
 * A run of changed lines of one file, `[start, end)`; empty between two unchanged lines. Both files have equally many groups,
 * and the n-th ones of both lie at the same place.
 */
export class ChangeGroup {
  readonly #ids: Int32Array;
  readonly #changed: Uint8Array;
  start = 0;
  end = 0;

  constructor({ ids, changed }: ComparedSide) {
    this.#ids = ids;
    this.#changed = changed;
    this.#extendDown();
  }

  get length(): number {
    return this.end - this.start;
  }

  /** Goes to the next group. @returns false at the end of the file */
  next(): boolean {
    if (this.end === this.#ids.length) return false;
    this.start = this.end + 1;
    this.end = this.start;
    this.#extendDown();
    return true;
  }

  previous(): void {
    this.end = this.start - 1;
    this.start = this.end;
    this.#extendUp();
  }

  /** Moves the group one line down, if that says the same, and joins the group it then touches. @returns whether it moved */
  slideDown(): boolean {
    if (this.end >= this.#ids.length || this.#ids[this.start] !== this.#ids[this.end]) return false;
    this.#changed[this.start++] = 0;
    this.#changed[this.end++] = 1;
    this.#extendDown();
    return true;
  }

  /** As {@link slideDown}, the other way. */
  slideUp(): boolean {
    if (this.start === 0 || this.#ids[this.start - 1] !== this.#ids[this.end - 1]) return false;
    this.#changed[--this.start] = 1;
    this.#changed[--this.end] = 0;
    this.#extendUp();
    return true;
  }

  #extendDown(): void {
    while (this.#changed[this.end]) this.end++;
  }

  #extendUp(): void {
    while (this.start > 0 && this.#changed[this.start - 1]) this.start--;
  }
}
