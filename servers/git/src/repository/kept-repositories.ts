import { LRUCache } from "lru-cache";
import type { ConfigLine } from "./config/parse-config.js";
import { discover } from "./layout/discover.js";
import type { AllowedRoots, Layout } from "./layout/types.js";
import { ObjectCaches } from "./objects/object-caches.js";
import { type OpenOptions, repositoryAt } from "./open-repository.js";
import type { Repository } from "./repository.js";

/** Repositories kept open; what they hold in memory is limited for all together. */
const MOST_OPEN = 8;

/** The repositories used last, kept open between calls. */
export class KeptRepositories {
  readonly #roots: AllowedRoots;
  readonly #options: OpenOptions;
  // One that is pushed out is not closed: a call may still be reading from it. Its files close when it is collected.
  readonly #open = new LRUCache<string, Repository>({ max: MOST_OPEN });

  /** @param defaults settings that hold where no config file says otherwise */
  constructor(roots: AllowedRoots, defaults: readonly ConfigLine[] = []) {
    this.#roots = roots;
    this.#options = { caches: new ObjectCaches(), defaults };
  }

  /**
   * The repository around `path` as it is now; see {@link discover} for what that may be. It is looked for each time: `.git`,
   * the format and the alternates may have changed.
   * @throws ToolError NOT_FOUND, OUTSIDE_ROOT, UNSUPPORTED
   */
  get(path: string): Repository {
    const layout = discover(path, this.#roots);
    const key = keyOf(layout);
    const kept = this.#open.get(key);
    if (kept) {
      kept.refresh();
      return kept;
    }
    const repository = repositoryAt(layout, this.#options);
    this.#open.set(key, repository);
    return repository;
  }

  close(): void {
    for (const repository of this.#open.values()) repository.close();
    this.#open.clear();
  }
}

const keyOf = ({ worktree, gitDir, commonDir, objectDirs }: Layout): string =>
  [worktree, gitDir, commonDir, ...objectDirs].map((files) => files?.root ?? "").join("\0");
