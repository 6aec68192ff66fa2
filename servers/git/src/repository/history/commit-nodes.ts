import { ToolError } from "@mcp-reference/validation";
import type { ObjectId } from "../object-id.js";
import { parseCommitLinks } from "../objects/parse-commit.js";
import type { Commit, ObjectStore } from "../objects/types.js";
import type { Repository } from "../repository.js";
import { type ChangedParents, changedParents } from "./changed-parents.js";
import { type CommitGraph, openCommitGraph } from "./commit-graph.js";
import { RecentMap } from "./recent-map.js";

/** What a walk needs to know of a commit. */
export interface CommitNode {
  readonly oid: ObjectId;
  readonly tree: ObjectId;
  readonly parents: readonly ObjectId[];
  /** Committer's, in seconds since 1970. */
  readonly date: number;
  /** Greater than that of every ancestor; infinite for a commit outside the commit-graph. */
  readonly generation: number;
  /** Its place in the commit-graph. */
  readonly position: number | undefined;
}

/** Commits kept parsed for each repository; a node takes about 300 bytes. */
const MOST_NODES = 60_000;

/** Commits as history sees them: with the parents that a shallow clone, grafts or replace refs leave them. */
export class CommitNodes {
  readonly #objects: ObjectStore;
  readonly #cache = new RecentMap<ObjectId, CommitNode>(MOST_NODES);
  #changed: ChangedParents = { version: "", parents: new Map(), replacements: new Map() };
  #graph: CommitGraph | undefined;

  constructor(objects: ObjectStore) {
    this.#objects = objects;
  }

  /** Looks again at what can change what commits are: to be called when a walk begins. */
  refresh(repo: Repository): this {
    const changed = changedParents(repo);
    if (changed.version !== this.#changed.version) this.#cache.clear();
    const isTrue = changed.parents.size === 0 && changed.replacements.size === 0;
    const usable = isTrue && repo.config.flag("core.commitgraph") !== false;
    const graph = usable ? openCommitGraph(repo.layout) : undefined;
    if (graph !== this.#graph) this.#cache.clear();
    this.#changed = changed;
    this.#graph = graph;
    return this;
  }

  get graph(): CommitGraph | undefined {
    return this.#graph;
  }

  /** @throws ToolError NOT_FOUND for a missing commit, INVALID_ARGUMENT for another object */
  get(oid: ObjectId): CommitNode {
    const known = this.#cache.get(oid);
    if (known !== undefined) return known;
    const node = this.#graph?.node(oid) ?? this.#parsed(oid);
    this.#cache.set(oid, node);
    return node;
  }

  /** The whole commit, with the parents of its node. */
  commit(oid: ObjectId): Commit {
    const commit = this.#objects.commit(this.#changed.replacements.get(oid) ?? oid);
    const parents = this.#changed.parents.get(oid);
    if (commit.oid === oid && parents === undefined) return commit;
    return { ...commit, oid, parents: parents ?? commit.parents };
  }

  #parsed(oid: ObjectId): CommitNode {
    const { type, body } = this.#objects.read(this.#changed.replacements.get(oid) ?? oid);
    if (type !== "commit") throw new ToolError("INVALID_ARGUMENT", `${oid} is a ${type}, not a commit`);
    const { tree, parents, date } = parseCommitLinks(oid, body);
    return {
      oid,
      tree,
      parents: this.#changed.parents.get(oid) ?? parents,
      date,
      generation: Number.POSITIVE_INFINITY,
      position: undefined,
    };
  }
}

const nodesOf = new WeakMap<ObjectStore, CommitNodes>();

/** The commits of a repository, as its refs and its `shallow` file are now. */
export function commitNodes(repo: Repository): CommitNodes {
  let nodes = nodesOf.get(repo.objects);
  if (nodes === undefined) {
    nodes = new CommitNodes(repo.objects);
    nodesOf.set(repo.objects, nodes);
  }
  return nodes.refresh(repo);
}
