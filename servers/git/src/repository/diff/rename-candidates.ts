import type { ByteString } from "../bytes/byte-string.js";
import { isRegularFile } from "../file-mode.js";
import type { ObjectId } from "../object-id.js";
import { blobId } from "./blob-id.js";
import { type Fingerprint, fingerprint, SAME, similarity, sizesAllow } from "./similarity.js";
import type { FileChange, FileVersion } from "./types.js";

/** Reads a version's content as it is compared. */
export type ContentOf = (version: FileVersion) => Buffer;

/** A file that may have been renamed or copied, and how often it has been found to be. */
export interface RenameSource {
  readonly file: FileVersion;
  /** Without directories. */
  readonly name: ByteString;
  uses: number;
}

/** An added file, and where it was found to come from. */
export interface RenameTarget {
  readonly change: FileChange;
  readonly file: FileVersion;
  readonly name: ByteString;
  source: RenameSource | undefined;
  /** Of {@link SAME}. */
  score: number;
}

export function pair(target: RenameTarget, source: RenameSource, score: number): void {
  target.source = source;
  target.score = score;
  source.uses++;
}

export const baseName = (path: ByteString): ByteString => path.slice(path.lastIndexOf("/") + 1);

/** Compares contents, each read once and kept as a fingerprint. */
export class SimilarityScores {
  readonly #contentOf: ContentOf;
  readonly #sizeOf: (version: FileVersion) => number;
  readonly #leastScore: number;
  readonly #fingerprints = new Map<FileVersion, Fingerprint>();
  readonly #sizes = new Map<FileVersion, number>();
  readonly #ids = new Map<FileVersion, ObjectId>();

  constructor(contentOf: ContentOf, sizeOf: ((version: FileVersion) => number) | undefined, leastScore: number) {
    this.#contentOf = contentOf;
    this.#sizeOf = sizeOf ?? ((version) => this.#fingerprintOf(version).size);
    this.#leastScore = leastScore;
  }

  /** 0 to {@link SAME}; 0 where it is clear that it is too low, and for all but regular files. */
  score(before: FileVersion, after: FileVersion): number {
    if (!isRegularFile(before.mode) || !isRegularFile(after.mode)) return 0;
    if (!sizesAllow(this.#size(before), this.#size(after), this.#leastScore)) return 0;
    return Math.min(similarity(this.#fingerprintOf(before), this.#fingerprintOf(after)), SAME);
  }

  idOf(version: FileVersion): ObjectId {
    if (version.oid) return version.oid;
    const id = this.#ids.get(version) ?? blobId(this.#contentOf(version));
    this.#ids.set(version, id);
    return id;
  }

  #size(version: FileVersion): number {
    const known = this.#sizes.get(version);
    if (known !== undefined) return known;
    const size = this.#sizeOf(version);
    this.#sizes.set(version, size);
    return size;
  }

  #fingerprintOf(version: FileVersion): Fingerprint {
    const known = this.#fingerprints.get(version);
    if (known) return known;
    const made = fingerprint(this.#contentOf(version));
    this.#fingerprints.set(version, made);
    return made;
  }
}
