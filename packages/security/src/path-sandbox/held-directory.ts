import { type Location, pathOf, policyPathOf } from "./boundary.js";
import type { DirectoryRef } from "./directory-ref.js";
import { fromErrno } from "./errno.js";
import type { OpenDirectory, Place, Root } from "./types.js";

/** An {@link OpenDirectory} and the reference it stands on. */
export class HeldDirectory implements OpenDirectory {
  readonly path: string;
  readonly policyPath: string;
  readonly root: Root;
  readonly ref: DirectoryRef;
  readonly #input: string;
  #open = true;

  /** Takes over the reference: {@link close} releases it. */
  constructor(input: string, { ref, location }: { ref: DirectoryRef; location: Location }) {
    this.#input = input;
    this.ref = ref;
    this.root = location.root;
    this.path = pathOf(location);
    this.policyPath = policyPathOf(location);
  }

  at(name?: string): string {
    if (!this.#open) throw new Error("the directory is closed");
    return this.ref.at(name);
  }

  async verify(): Promise<void> {
    try {
      await this.ref.verify();
    } catch (error) {
      throw fromErrno(error, this.#input);
    }
  }

  async close(): Promise<void> {
    if (!this.#open) return;
    this.#open = false;
    this.ref.release();
  }
}

export interface HeldPlace extends Place {
  readonly directory: HeldDirectory;
}
