import { ToolError } from "@mcp-reference/validation";
import { isDirectory, isSubmodule } from "../../repository/file-mode.js";
import { walk } from "../../repository/history/walk.js";
import type { ObjectId } from "../../repository/object-id.js";
import { Pace } from "../../repository/pace.js";
import type { Repository } from "../../repository/repository.js";

const MOST_OBJECTS = 5_000_000;
const DEEPEST_TREE = 4096;
const DEEPEST_TAG = 10;

/**
 * Ids of all that a remote needs to have `tips`, when it has `known`. What a commit took over unchanged from its parents is not
 * looked at again, so that the work is that of the changes.
 * @param known commits that are here too
 * @throws ToolError NOT_FOUND where something is missing here; TOO_LARGE
 */
export async function objectsToSend(
  repo: Repository,
  tips: readonly ObjectId[],
  known: readonly ObjectId[],
  signal?: AbortSignal,
): Promise<ObjectId[]> {
  const found = new Found(repo);
  const commits: ObjectId[] = [];
  for (const tip of tips) {
    const target = found.addTags(tip);
    if (repo.objects.header(target).type === "commit") commits.push(target);
    else found.addTree(target, []);
  }
  const pace = new Pace(signal);
  if (commits.length > 0) {
    for await (const commit of walk(repo, { include: commits, exclude: known, signal })) {
      const parents = commit.parents.filter((oid) => repo.objects.has(oid)).map((oid) => repo.objects.commit(oid).tree);
      found.add(commit.oid);
      found.addTree(commit.tree, parents);
      if (pace.due()) await pace.pause();
    }
  }
  return [...found.ids];
}

class Found {
  readonly ids = new Set<ObjectId>();
  readonly #repo: Repository;

  constructor(repo: Repository) {
    this.#repo = repo;
  }

  /** @returns whether it is new */
  add(oid: ObjectId): boolean {
    if (this.ids.has(oid)) return false;
    if (this.ids.size >= MOST_OBJECTS)
      throw new ToolError("TOO_LARGE", `more than ${MOST_OBJECTS} objects are to be pushed`);
    this.ids.add(oid);
    return true;
  }

  /** @returns what the tags lead to; `oid` itself where it is none */
  addTags(oid: ObjectId): ObjectId {
    let target = oid;
    for (let depth = 0; depth < DEEPEST_TAG && this.#repo.objects.header(target).type === "tag"; depth++) {
      this.add(target);
      target = this.#repo.objects.tag(target).object;
    }
    return target;
  }

  /** A tree or blob and all below it, but for what one of `others` has under the same name. */
  addTree(oid: ObjectId, others: readonly ObjectId[], depth = 0): void {
    if (others.includes(oid) || !this.add(oid) || this.#repo.objects.header(oid).type !== "tree") return;
    if (depth > DEEPEST_TREE) throw new ToolError("UNSUPPORTED", "a tree to be pushed is nested too deep");
    const beside = others.map((other) => new Map(this.#repo.objects.tree(other).map((entry) => [entry.name, entry])));
    for (const { name, mode, oid: child } of this.#repo.objects.tree(oid)) {
      if (isSubmodule(mode)) continue;
      const same = beside.map((entries) => entries.get(name)).filter((entry) => entry !== undefined);
      if (same.some((entry) => entry.oid === child)) continue;
      if (!isDirectory(mode)) this.add(child);
      else
        this.addTree(
          child,
          same.filter((entry) => isDirectory(entry.mode)).map((entry) => entry.oid),
          depth + 1,
        );
    }
  }
}
