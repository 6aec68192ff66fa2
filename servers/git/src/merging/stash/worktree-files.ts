import type { ByteString } from "../../repository/bytes/byte-string.js";
import { Pace } from "../../repository/pace.js";
import type { Repository } from "../../repository/repository.js";
import { hashFile } from "../../repository/worktree/hash-file.js";
import { readStatus } from "../../repository/worktree/status.js";
import type { ChangedPath } from "../../repository/worktree/status-types.js";
import { SUBMODULE, type Version } from "../trees/types.js";

/** Local changes that are to be stashed. */
export interface LocalChanges {
  /** Tracked paths that differ from the last commit, with what the worktree has; undefined for nothing. */
  readonly tracked: ReadonlyMap<ByteString, Version | undefined>;
  readonly untracked: ReadonlyMap<ByteString, Version>;
}

export interface LocalChangesRequest {
  readonly paths?: readonly ByteString[] | undefined;
  readonly includeUntracked?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Reads local changes and writes their contents to the object store. @throws ToolError what reading the files throws */
export async function localChanges(repo: Repository, request: LocalChangesRequest): Promise<LocalChanges> {
  const { paths, includeUntracked, signal } = request;
  const status = await readStatus(repo, { paths, untracked: includeUntracked ? "all" : "no", signal });
  const pace = new Pace(signal);
  const tracked = new Map<ByteString, Version | undefined>();
  for (const change of status.changes) {
    if (pace.due()) await pace.pause();
    if (change.modes.index === SUBMODULE || change.modes.head === SUBMODULE) keepSubmodule(tracked, change);
    else tracked.set(change.path, stored(repo, change.path));
    if (change.origin) tracked.set(change.origin.path, stored(repo, change.origin.path));
  }
  const untracked = new Map<ByteString, Version>();
  for (const path of status.untracked) {
    if (pace.due()) await pace.pause();
    // A path with a slash at its end is a repository of its own, which git leaves alone too.
    const version = path.endsWith("/") || tracked.has(path) ? undefined : stored(repo, path);
    if (version) untracked.set(path, version);
  }
  return { tracked, untracked };
}

/** The commit that the index names; what is checked out inside is not ours to stash. */
function keepSubmodule(
  tracked: Map<ByteString, Version | undefined>,
  { path, staged, modes, oids }: ChangedPath,
): void {
  if (staged !== ".") tracked.set(path, modes.index === 0 ? undefined : { mode: modes.index, oid: oids.index });
}

function stored(repo: Repository, path: ByteString): Version | undefined {
  const file = hashFile(repo, path);
  return file && { mode: file.mode, oid: repo.objects.write("blob", file.content) };
}
