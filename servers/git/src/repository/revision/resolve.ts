import { ToolError } from "@mcp-reference/validation";
import { bytesOf } from "../bytes/byte-string.js";
import { commitNodes } from "../history/commit-nodes.js";
import { isObjectId, type ObjectId, type ObjectType } from "../object-id.js";
import type { Repository } from "../repository.js";
import { resolveAtName } from "./at-name.js";
import { closestName } from "./closest-name.js";
import { findMessage } from "./find-message.js";
import { findRef } from "./find-ref.js";
import { type ParsedRevision, parseRevision, type RevisionStep } from "./parse-revision.js";
import { peelTags, peelTo } from "./peel.js";
import type { ResolvedObject } from "./resolved-object.js";
import { findShortId, isShortId, type Wanted } from "./short-ids.js";
import { objectInIndex, objectInTree } from "./tree-path.js";

/** Grafts can make a circle, in which one could go back for ever. */
const MOST_STEPS = 5_000_000;

/**
 * The commit that a revision names; tags are peeled. As `git rev-parse <text>^{commit}`, but `-` and what begins with it is refused.
 * @throws ToolError NOT_FOUND, AMBIGUOUS, INVALID_ARGUMENT (also for what is no commit), UNSUPPORTED
 */
export function resolveRevision(repo: Repository, text: string): ObjectId {
  const { oid, type } = resolveObject(repo, text, "commit");
  const commit = type === "commit" ? oid : peelTo(repo.objects, oid, "commit");
  if (commit === undefined) throw new ToolError("INVALID_ARGUMENT", `"${text}" is a ${type}, not a commit`);
  return commit;
}

/**
 * The object that a revision names, as `git rev-parse <text>`; see gitrevisions(7). Text is matched literally by `:/text` and `^{/text}`.
 * @param wanted what fits best, where the beginning of an id fits several objects
 * @throws ToolError as {@link resolveRevision}
 */
export function resolveObject(repo: Repository, text: string, wanted?: Wanted): ResolvedObject {
  if (text.startsWith(":/")) return { oid: findMessage(repo, text, text.slice(2)), type: "commit" };
  const { base, steps, path } = parseRevision(text);
  if (base === "") return objectInIndex(repo, text, bytesOf(path ?? ""));
  const start = resolveBase(repo, text, base, wantedBy({ base, steps, path }, wanted));
  const object = steps.reduce((oid, step) => takeStep(repo, text, oid, step), start);
  if (path === undefined) return { oid: object, type: typeOf(repo, text, object) };
  const tree = peelTo(repo.objects, object, "tree");
  if (tree === undefined) throw new ToolError("INVALID_ARGUMENT", `"${text}" asks for a path in what is no tree`);
  return objectInTree(repo, text, tree, bytesOf(path));
}

function wantedBy({ steps, path }: ParsedRevision, otherwise: Wanted): Wanted {
  const [first] = steps;
  if (first === undefined) return path === undefined ? otherwise : "tree";
  if (first.kind !== "peel" || first.type === "commit") return "commit";
  return first.type === "tree" ? "tree" : undefined;
}

/** Ids before refs, refs before the beginnings of ids. */
function resolveBase(repo: Repository, text: string, base: string, wanted: Wanted): ObjectId {
  if (/^[0-9a-f]{40}$/i.test(base)) return base.toLowerCase();
  if (base.includes("@{")) return resolveAtName(repo, text, base);
  const found = findRef(repo.refs, bytesOf(base === "@" ? "HEAD" : base))?.oid;
  const short = /-g([0-9a-f]{4,40})$/i.exec(base)?.[1] ?? base;
  const oid =
    found ?? (isShortId(short) ? findShortId(repo.objects, short, short === base ? wanted : "commit") : undefined);
  if (oid === undefined) throw notFound(repo, text, base);
  return oid;
}

function notFound(repo: Repository, text: string, base: string): ToolError {
  if (base === "HEAD" || base === "@") {
    return new ToolError("NOT_FOUND", `"${text}" names nothing: there is no commit yet on the current branch`);
  }
  const closest = closestName(repo.refs, bytesOf(base));
  return new ToolError("NOT_FOUND", `No branch, tag or object "${base}"`, {
    hint: closest === undefined ? "Look at the branches and tags there are" : `Did you mean ${closest}?`,
  });
}

function typeOf(repo: Repository, text: string, oid: ObjectId): ObjectType {
  if (isObjectId(oid) && !repo.objects.has(oid)) throw new ToolError("NOT_FOUND", `No object for "${text}"`);
  return repo.objects.header(oid).type;
}

function takeStep(repo: Repository, text: string, oid: ObjectId, step: RevisionStep): ObjectId {
  typeOf(repo, text, oid);
  switch (step.kind) {
    case "peel":
      return peelStep(repo, text, oid, step.type);
    case "parent":
      return parentOf(repo, text, commitAt(repo, text, oid), step.number);
    case "ancestor":
      return ancestorOf(repo, text, commitAt(repo, text, oid), step.number);
    case "search":
      return findMessage(repo, text, step.text, commitAt(repo, text, oid));
  }
}

function commitAt(repo: Repository, text: string, oid: ObjectId): ObjectId {
  const commit = peelTo(repo.objects, oid, "commit");
  if (commit === undefined) throw new ToolError("INVALID_ARGUMENT", `"${text}" goes back from what is no commit`);
  return commit;
}

function peelStep(repo: Repository, text: string, oid: ObjectId, type: string): ObjectId {
  if (type === "object") return oid;
  const peeled = type === "" ? peelTags(repo.objects, oid).oid : peelTo(repo.objects, oid, type as ObjectType);
  if (peeled === undefined) throw new ToolError("INVALID_ARGUMENT", `"${text}" does not lead to a ${type}`);
  return peeled;
}

function parentOf(repo: Repository, text: string, commit: ObjectId, number: number): ObjectId {
  if (number === 0) return commit;
  const { parents } = commitNodes(repo).get(commit);
  const parent = parents[number - 1];
  if (parent !== undefined) return parent;
  throw new ToolError("NOT_FOUND", `"${text}" names nothing: ${commit} has ${parents.length} parents`);
}

function ancestorOf(repo: Repository, text: string, commit: ObjectId, number: number): ObjectId {
  const nodes = commitNodes(repo);
  let at = commit;
  if (number > MOST_STEPS)
    throw new ToolError("TOO_LARGE", `"${text}" goes back in history by more than ${MOST_STEPS} commits`);
  for (let back = 0; back < number; back++) {
    const [parent] = nodes.get(at).parents;
    if (parent === undefined)
      throw new ToolError("NOT_FOUND", `"${text}" names nothing: history ends after ${back} steps`);
    at = parent;
  }
  return at;
}
