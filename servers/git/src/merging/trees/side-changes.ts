import type { ByteString } from "../../repository/bytes/byte-string.js";
import { detectRenamesInTurns } from "../../repository/diff/renames.js";
import { diffTrees } from "../../repository/diff/tree-diff.js";
import type { FileChange, FileVersion } from "../../repository/diff/types.js";
import type { ObjectId } from "../../repository/object-id.js";
import type { Repository } from "../../repository/repository.js";
import { kindOf, REGULAR, type Version } from "./types.js";

/** What one side did to a path of the base. */
export interface PathChange {
  readonly before: Version | undefined;
  readonly after: Version | undefined;
}

export type SideChanges = ReadonlyMap<ByteString, PathChange>;

/** An empty file resembles every other one: it is never taken for a renamed one. */
const EMPTY_BLOB: ObjectId = "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391";

/** Paths that a side changed; renames are not looked for yet. */
export function changesOf(repo: Repository, base: ObjectId | undefined, side: ObjectId): SideChanges {
  const changes = new Map<ByteString, PathChange>();
  for (const { before, after } of diffTrees(repo, base, side)) {
    const path = (after ?? before)?.path;
    if (path !== undefined) changes.set(path, { before: versionOf(before), after: versionOf(after) });
  }
  return changes;
}

function versionOf(version: FileVersion | undefined): Version | undefined {
  return version?.oid === undefined ? undefined : { mode: version.mode, oid: version.oid };
}

/** A file that a side moved. */
export interface Rename {
  readonly from: ByteString;
  readonly to: ByteString;
}

/**
 * Renames on one side, as git's merge sees them: identical files first; then, only for files that the other side touched too,
 * similar ones. What the other side left alone needs no rename to be merged rightly.
 */
export async function renamesOf(
  repo: Repository,
  changes: SideChanges,
  others: SideChanges,
  signal?: AbortSignal,
): Promise<Rename[]> {
  if (!wantsRenames(repo)) return [];
  const candidates = inGitsOrder(changes, others).flatMap(([path, change]) => candidateOf(path, change));
  if (!candidates.some(({ after }) => after) || !candidates.some(({ before }) => before)) return [];
  const detect = async (among: readonly FileChange[], threshold: number): Promise<FileChange[]> =>
    detectRenamesInTurns(among, (version) => contentOf(repo, version), { threshold, limit: limitOf(repo), signal });
  const exact = await detect(candidates, 100);
  const found = renamesAmong(exact);
  const open = exact.filter(
    ({ status, before }) => status === "A" || (status === "D" && others.has(before?.path ?? "")),
  );
  return [...found, ...renamesAmong(await detect(open, 50))];
}

/**
 * Of equal files the first one is taken for the renamed one, so order matters: git looks last into folders that the other side
 * left alone.
 */
function inGitsOrder(changes: SideChanges, others: SideChanges): [ByteString, PathChange][] {
  const touched = new Set<ByteString>(["", ...others.keys()]);
  for (const path of others.keys()) {
    for (let folder = folderOf(path); !touched.has(folder); folder = folderOf(folder)) touched.add(folder);
  }
  const sorted = [...changes];
  const isTouched = ([path]: [ByteString, PathChange]): boolean => touched.has(folderOf(path));
  return [...sorted.filter(isTouched), ...sorted.filter((entry) => !isTouched(entry))];
}

const folderOf = (path: ByteString): ByteString => path.slice(0, Math.max(path.lastIndexOf("/"), 0));

function candidateOf(path: ByteString, { before, after }: PathChange): FileChange[] {
  const version = before ?? after;
  if ((before && after) || version === undefined || version.oid === EMPTY_BLOB) return [];
  return before
    ? [{ status: "D", before: { path, ...before }, after: undefined }]
    : [{ status: "A", before: undefined, after: { path, ...version } }];
}

const renamesAmong = (changes: readonly FileChange[]): Rename[] =>
  changes.flatMap(({ status, before, after }) =>
    status === "R" && before && after ? [{ from: before.path, to: after.path }] : [],
  );

function contentOf(repo: Repository, version: FileVersion): Buffer {
  return version.oid !== undefined && kindOf(versionOf(version)) === REGULAR
    ? repo.objects.blob(version.oid)
    : repo.objects.read(version.oid ?? "").body;
}

function wantsRenames(repo: Repository): boolean {
  const setting = repo.config.get("merge.renames") ?? repo.config.get("diff.renames");
  return setting === undefined || ["copies", "copy"].includes(setting) || /^(?:true|yes|on|[1-9]\d*|)$/i.test(setting);
}

const limitOf = (repo: Repository): number =>
  Math.min(repo.config.number("merge.renameLimit") ?? repo.config.number("diff.renameLimit") ?? 1000, 7000) || 1000;
