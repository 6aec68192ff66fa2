import type { ByteString } from "../bytes/byte-string.js";

/** Some paths of a repository and all that is below them; everything where none are given. */
export class PathSelection {
  readonly #paths: readonly ByteString[] | undefined;

  constructor(paths?: readonly ByteString[]) {
    this.#paths = paths?.includes("") ? undefined : paths?.map((path) => path.replace(/\/+$/, ""));
  }

  get isEverything(): boolean {
    return this.#paths === undefined;
  }

  /** @param path without a slash at its end */
  includes(path: ByteString): boolean {
    return this.#paths?.some((chosen) => path === chosen || path.startsWith(`${chosen}/`)) ?? true;
  }

  /** May something below this directory be selected? */
  reaches(directory: ByteString): boolean {
    return directory === "" || this.includes(directory) || this.leadsThrough(directory);
  }

  /** Is something below this directory selected, but not the directory itself? */
  leadsThrough(directory: ByteString): boolean {
    return this.#paths?.some((chosen) => chosen.startsWith(`${directory}/`)) ?? false;
  }
}
