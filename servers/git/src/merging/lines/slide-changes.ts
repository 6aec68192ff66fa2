import type { Side } from "./histogram-diff.js";

/**
 * Walks the groups of changed lines of one file; between two unchanged lines there is always one, mostly empty.
 * The groups of both files go by pairs, since unchanged lines do.
 */
class Groups {
  readonly #numbers: Int32Array;
  readonly #changed: Uint8Array;
  start = 0;
  end = 0;

  constructor({ numbers, changed }: Side) {
    this.#numbers = numbers;
    this.#changed = changed;
    this.#growDown();
  }

  get isEmpty(): boolean {
    return this.start === this.end;
  }

  get length(): number {
    return this.end - this.start;
  }

  /** False at the last one. */
  next(): boolean {
    if (this.end === this.#changed.length) return false;
    this.start = this.end + 1;
    this.end = this.start;
    this.#growDown();
    return true;
  }

  previous(): void {
    this.end = this.start - 1;
    this.start = this.end;
    this.#growUp();
  }

  /** Moves the group a line down, joining it with the one it then touches; false where its first line differs from the next. */
  slideDown(): boolean {
    if (this.end >= this.#changed.length || this.#numbers[this.start] !== this.#numbers[this.end]) return false;
    this.#changed[this.start++] = 0;
    this.#changed[this.end++] = 1;
    this.#growDown();
    return true;
  }

  slideUp(): boolean {
    if (this.start === 0 || this.#numbers[this.start - 1] !== this.#numbers[this.end - 1]) return false;
    this.#changed[--this.start] = 1;
    this.#changed[--this.end] = 0;
    this.#growUp();
    return true;
  }

  #growDown(): void {
    while (this.#changed[this.end] === 1) this.end++;
  }

  #growUp(): void {
    while (this.#changed[this.start - 1] === 1) this.start--;
  }
}

/**
 * Of the places where a group of changed lines may stand without changing what the diff says, takes the one git merges with:
 * as far down as it goes, or else beside the last change of the other file that it can meet.
 */
export function slideChanges(side: Side, other: Side): void {
  const groups = new Groups(side);
  const others = new Groups(other);
  do {
    if (!groups.isEmpty) settle(groups, others);
    others.next();
  } while (groups.next());
}

function settle(groups: Groups, others: Groups): void {
  let length: number;
  let highest: number;
  let meeting: number | undefined;
  do {
    length = groups.length;
    meeting = undefined;
    while (groups.slideUp()) others.previous();
    highest = groups.end;
    if (!others.isEmpty) meeting = groups.end;
    while (groups.slideDown()) {
      others.next();
      if (!others.isEmpty) meeting = groups.end;
    }
  } while (length !== groups.length);
  if (groups.end === highest || meeting === undefined) return;
  while (others.isEmpty && groups.slideUp()) others.previous();
}
