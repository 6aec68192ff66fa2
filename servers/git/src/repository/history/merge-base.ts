import type { ObjectId } from "../object-id.js";
import type { Repository } from "../repository.js";
import { type CommitNode, type CommitNodes, commitNodes } from "./commit-nodes.js";
import { limitedHistory } from "./limited-history.js";
import { PaintQueue } from "./paint-queue.js";

const ONE = 1;
const TWO = 2;
const STALE = 4;
const RESULT = 8;

/**
 * Best common ancestors of two commits, newest first; several after a criss-cross merge, none for unrelated histories. The same ones
 * as `git merge-base --all`.
 */
export function mergeBases(repo: Repository, a: ObjectId, b: ObjectId): ObjectId[] {
  if (a === b) return [a];
  const nodes = commitNodes(repo);
  const found = paint(nodes, a, [b]).common.sort((x, y) => y.date - x.date);
  if (found.length <= 1) return found.map(({ oid }) => oid);
  return found.filter((base) => !isReachedFromOthers(nodes, base, found)).map(({ oid }) => oid);
}

/** Can `a` be reached from `b`, itself included? */
export function isAncestor(repo: Repository, a: ObjectId, b: ObjectId): boolean {
  return reaches(commitNodes(repo), [b], a);
}

/** Commits that only `a` has, and that only `b` has: as `git rev-list --left-right --count a...b`. */
export function aheadBehind(repo: Repository, a: ObjectId, b: ObjectId): { ahead: number; behind: number } {
  if (a === b) return { ahead: 0, behind: 0 };
  const bases = mergeBases(repo, a, b);
  const nodes = commitNodes(repo);
  const count = (include: ObjectId) => limitedHistory(nodes, { include: [include], exclude: bases }).length;
  return { ahead: count(a), behind: count(b) };
}

const isReachedFromOthers = (nodes: CommitNodes, base: CommitNode, all: readonly CommitNode[]): boolean =>
  reaches(
    nodes,
    all.filter((other) => other !== base).map(({ oid }) => oid),
    base.oid,
  );

function reaches(nodes: CommitNodes, starts: readonly ObjectId[], wanted: ObjectId): boolean {
  if (starts.includes(wanted)) return true;
  const { generation } = nodes.get(wanted);
  const within = starts.filter(
    (oid) => nodes.get(oid).generation > generation || generation === Number.POSITIVE_INFINITY,
  );
  return within.length > 0 && (paint(nodes, wanted, within).flags.get(wanted) ?? 0) >= (ONE | TWO);
}

/**
 * Paints the ancestors of `one` and those of `two` until everything left to visit is known to be below a commit with both colours.
 * @returns commits with both colours that were not below another such one when they were found
 */
function paint(nodes: CommitNodes, one: ObjectId, two: readonly ObjectId[]) {
  const flags = new Map<ObjectId, number>();
  const queue = new PaintQueue((oid) => ((flags.get(oid) ?? 0) & STALE) !== 0);
  const common: CommitNode[] = [];
  const add = (oid: ObjectId, colours: number) => {
    const before = flags.get(oid) ?? 0;
    if ((before & colours) === colours) return;
    queue.recolour(oid, () => flags.set(oid, before | colours));
    queue.push(nodes.get(oid));
  };
  add(one, ONE);
  for (const oid of two) add(oid, TWO);
  for (let node = queue.next(); node !== undefined; node = queue.next()) {
    let colours = (flags.get(node.oid) ?? 0) & (ONE | TWO | STALE);
    if (colours === (ONE | TWO)) {
      if (((flags.get(node.oid) ?? 0) & RESULT) === 0) common.push(node);
      flags.set(node.oid, (flags.get(node.oid) ?? 0) | RESULT);
      colours |= STALE;
    }
    for (const parent of node.parents) add(parent, colours);
  }
  return { flags, common: common.filter(({ oid }) => ((flags.get(oid) ?? 0) & STALE) === 0) };
}
