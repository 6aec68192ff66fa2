import type { AttributeRules } from "./attributes/types.js";
import type { GitConfig } from "./config/types.js";
import type { IndexFile } from "./index-file/types.js";
import type { Layout } from "./layout/types.js";
import type { ObjectStore } from "./objects/types.js";
import type { RefStore } from "./refs/types.js";

/** A repository that is kept open between calls; {@link refresh} notices what others changed meanwhile. */
export interface Repository {
  readonly layout: Layout;
  readonly config: GitConfig;
  readonly objects: ObjectStore;
  readonly refs: RefStore;
  /** The index as it is on disk now, parsed once for each version of the file; without entries where there is none. */
  index(): IndexFile;
  /** `.gitattributes` of the worktree or, where it lacks them, of the index, of `info/attributes` and of the user. */
  attributes(): AttributeRules;
  refresh(): void;
  close(): void;
}
