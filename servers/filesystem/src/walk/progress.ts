import type { TaskProgress } from "./tasks.js";

const INTERVAL_MS = 100;
/** Looking at the clock for each entry would show in a profile. */
const ENTRIES_A_LOOK = 256;

/** Counts what a task does and tells now and then. */
export class ProgressMeter {
  found = 0;
  #visited = 0;
  #toldAt = performance.now();
  readonly #tell: (progress: TaskProgress) => void;

  constructor(tell: (progress: TaskProgress) => void) {
    this.#tell = tell;
  }

  visit(): void {
    this.#visited++;
    if (this.#visited % ENTRIES_A_LOOK !== 0 || performance.now() - this.#toldAt < INTERVAL_MS) return;
    this.#toldAt = performance.now();
    this.#tell({ visited: this.#visited, found: this.found });
  }
}
