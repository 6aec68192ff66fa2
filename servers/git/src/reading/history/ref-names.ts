import { textOf } from "../../repository/bytes/byte-string.js";
import type { ObjectId } from "../../repository/object-id.js";
import type { Repository } from "../../repository/repository.js";

/** With more refs than this, commits are shown without their names. */
const MOST_REFS = 10_000;

/** Branches and tags by the commit they stand for, as `git log --decorate` shows them. */
export function refNames(repo: Repository): ReadonlyMap<ObjectId, readonly string[]> {
  const names = new Map<ObjectId, string[]>();
  const add = (oid: ObjectId | undefined, name: string) => {
    if (oid === undefined) return;
    const known = names.get(oid);
    if (known) known.push(name);
    else names.set(oid, [name]);
  };
  const refs = repo.refs.list();
  if (refs.length > MOST_REFS) return names;
  const head = repo.refs.head();
  add(head.oid, head.kind === "branch" ? `HEAD -> ${shortName(textOf(head.ref))}` : "HEAD");
  for (const { name, oid, target } of refs) {
    const short = shortName(textOf(name));
    const isHead = head.kind === "branch" && name === head.ref;
    if (short !== undefined && target === undefined && !isHead) add(peel(repo, name, oid), short);
  }
  return names;
}

/** Without what tells the kind of ref; undefined for refs that are no branches or tags. */
function shortName(ref: string): string | undefined {
  const [, kind, name] = /^refs\/(heads|remotes|tags)\/(.*)$/s.exec(ref) ?? [];
  return kind === "tags" ? `tag: ${name}` : name;
}

/** What an annotated tag stands for: `packed-refs` tells of most. */
function peel(repo: Repository, name: string, oid: ObjectId): ObjectId {
  const peeled = repo.refs.peeled(name);
  if (peeled !== undefined || !name.startsWith("refs/tags/")) return peeled ?? oid;
  return repo.objects.header(oid).type === "tag" ? repo.objects.tag(oid).object : oid;
}
