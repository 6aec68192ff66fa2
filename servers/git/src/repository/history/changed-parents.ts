import { isObjectId, type ObjectId } from "../object-id.js";
import type { Repository } from "../repository.js";

/** Where the history that git shows is not the one that the commits tell. */
export interface ChangedParents {
  /** Differs when anything below may. */
  readonly version: string;
  /** Parents of commits at the edge of a shallow clone (none), and of grafted ones. */
  readonly parents: ReadonlyMap<ObjectId, readonly ObjectId[]>;
  /** Commits that `refs/replace/<id>` puts in the place of others. */
  readonly replacements: ReadonlyMap<ObjectId, ObjectId>;
}

const MOST_BYTES = 16 << 20;
const FILES = ["shallow", "info/grafts"] as const;
const kept = new WeakMap<Repository, ChangedParents>();

/** Read again when one of its files has changed. */
export function changedParents(repo: Repository): ChangedParents {
  const replacements = readReplacements(repo);
  const version = [...FILES.map((file) => fileVersion(repo, file)), ...replacements.entries()].join("\n");
  const known = kept.get(repo);
  if (known?.version === version) return known;
  const parents = new Map([...readGrafts(repo), ...readShallow(repo)]);
  const changed = { version, parents, replacements };
  kept.set(repo, changed);
  return changed;
}

function fileVersion({ layout }: Repository, file: string): string {
  const stats = layout.commonDir.stat(file);
  return stats ? `${stats.ino} ${stats.size} ${stats.mtimeNs} ${stats.ctimeNs}` : "";
}

function readReplacements(repo: Repository): Map<ObjectId, ObjectId> {
  if (repo.config.flag("core.usereplacerefs") === false) return new Map();
  const refs = repo.refs.list("refs/replace/");
  return new Map(refs.map(({ name, oid }) => [name.slice("refs/replace/".length), oid]));
}

const idsIn = (line: string): ObjectId[] => line.trim().split(" ").filter(isObjectId);

const linesOf = ({ layout }: Repository, file: string): string[] =>
  layout.commonDir.read(file, MOST_BYTES)?.toString("latin1").split("\n") ?? [];

const readShallow = (repo: Repository): [ObjectId, ObjectId[]][] =>
  linesOf(repo, "shallow")
    .flatMap(idsIn)
    .map((oid) => [oid, []]);

/** Lines of a commit and the parents it is to have. */
function readGrafts(repo: Repository): [ObjectId, ObjectId[]][] {
  return linesOf(repo, "info/grafts").flatMap((line) => {
    const [oid, ...parents] = idsIn(line);
    return oid === undefined || line.startsWith("#") ? [] : [[oid, parents] as [ObjectId, ObjectId[]]];
  });
}
