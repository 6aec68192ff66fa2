import type { BigIntStats } from "node:fs";
import { readAttributes } from "./attributes/attribute-rules.js";
import type { AttributeRules } from "./attributes/types.js";
import type { ByteString } from "./bytes/byte-string.js";
import { readConfig } from "./config/git-config.js";
import type { ConfigLine } from "./config/parse-config.js";
import type { GitConfig } from "./config/types.js";
import { entryAt } from "./index-file/find-entry.js";
import { readIndex } from "./index-file/read-index.js";
import type { IndexEntry, IndexFile } from "./index-file/types.js";
import { discover } from "./layout/discover.js";
import type { AllowedRoots, Layout } from "./layout/types.js";
import type { ObjectCaches } from "./objects/object-caches.js";
import { openObjectStore } from "./objects/object-store.js";
import type { ObjectStore } from "./objects/types.js";
import { openRefStore } from "./refs/ref-store.js";
import type { RefStore } from "./refs/types.js";
import type { Repository } from "./repository.js";

/** Stage of a conflict. */
const OURS = 2;

/** What repositories of a process have in common. */
export interface OpenOptions {
  readonly caches?: ObjectCaches | undefined;
  /** Settings that hold where no config file says otherwise. */
  readonly defaults?: readonly ConfigLine[] | undefined;
}

/**
 * Opens the repository around `path`; see {@link discover} for what that may be.
 * @throws ToolError NOT_FOUND, OUTSIDE_ROOT, UNSUPPORTED
 */
export const openRepository = (path: string, roots: AllowedRoots, options?: OpenOptions): Repository =>
  repositoryAt(discover(path, roots), options);

/** As {@link openRepository}, of a repository that has been found. */
export const repositoryAt = (layout: Layout, options: OpenOptions = {}): Repository =>
  new OpenRepository(layout, options);

class OpenRepository implements Repository {
  readonly layout: Layout;
  readonly objects: ObjectStore;
  readonly #defaults: readonly ConfigLine[] | undefined;
  #config: GitConfig | undefined;
  #refs: RefStore | undefined;
  #attributes: AttributeRules | undefined;
  #index: { readonly file: IndexFile; readonly version: string } | undefined;

  constructor(layout: Layout, { caches, defaults }: OpenOptions) {
    this.#defaults = defaults;
    this.layout = layout;
    this.objects = openObjectStore(layout, caches);
  }

  get config(): GitConfig {
    this.#config ??= readConfig(this.layout, this.#defaults);
    return this.#config;
  }

  get refs(): RefStore {
    this.#refs ??= openRefStore(this.layout, this.objects, this.config);
    return this.#refs;
  }

  index(): IndexFile {
    const version = versionOf(this.layout.gitDir.stat("index"));
    if (this.#index?.version !== version) this.#index = { file: readIndex(this.layout), version };
    return this.#index.file;
  }

  attributes(): AttributeRules {
    this.#attributes ??= readAttributes(this.layout, this.config, this.#contentInIndex());
    return this.#attributes;
  }

  /** Of a path in conflict our side counts, as git has it. */
  #contentInIndex(): (path: ByteString) => Buffer | undefined {
    let entries: readonly IndexEntry[] | undefined;
    return (path) => {
      entries ??= this.index().entries;
      const entry = entryAt(entries, path) ?? entryAt(entries, path, OURS);
      return entry && this.objects.has(entry.oid) ? this.objects.blob(entry.oid) : undefined;
    };
  }

  /** Config and attributes may have any number of files: they are read anew when next asked for. */
  refresh(): void {
    this.objects.refresh();
    this.#config = this.#refs = this.#attributes = undefined;
  }

  close(): void {
    this.objects.close();
    this.#index = undefined;
  }
}

/** Tells one content of a file from another; writers put a new file in place of the old one. */
const versionOf = (stats: BigIntStats | undefined): string =>
  stats ? `${stats.dev}:${stats.ino}:${stats.mtimeNs}:${stats.ctimeNs}:${stats.size}` : "absent";
