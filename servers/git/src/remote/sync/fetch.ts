import { ToolError } from "@mcp-reference/validation";
import { type ByteString, textOf } from "../../repository/bytes/byte-string.js";
import type { ObjectId } from "../../repository/object-id.js";
import type { Signature } from "../../repository/objects/types.js";
import type { Repository } from "../../repository/repository.js";
import type { RemoteAccess } from "../access/remote-access.js";
import { remoteUrl, shownUrl } from "../access/remote-url.js";
import { destinationOf, prefixOf, type Refspec } from "../settings/refspec.js";
import { remoteSettings } from "../settings/remote-settings.js";
import type { RemoteRef } from "../wire/advertisement.js";
import { Connection } from "../wire/connection.js";
import { listRefs } from "../wire/ls-refs.js";
import { type Downloaded, type DownloadOptions, download } from "./download.js";
import { moveRefs, movesFor, type RefMove } from "./ref-moves.js";
import { type PlannedRef, plannedRefs } from "./ref-plan.js";

export interface FetchRequest {
  readonly remote: string;
  /** Full name of the only ref to fetch, of the remote. */
  readonly only?: ByteString | undefined;
  /** Removes tracking refs whose branch is gone. */
  readonly prune?: boolean | undefined;
  /** `reachable` (default): those of commits that are here. */
  readonly tags?: "reachable" | "all" | "none" | undefined;
  /** Commits of history; all that is missing without it. */
  readonly depth?: number | undefined;
  readonly who: Signature;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: DownloadOptions["onProgress"];
}

export interface Fetched extends Downloaded {
  /** Without credentials. */
  readonly url: string;
  readonly moves: readonly RefMove[];
  /** What `only` is at the remote. */
  readonly tip: ObjectId | undefined;
}

const TAGS = "refs/tags/";
const ALL_TAGS: Refspec = { kind: "plain", source: `${TAGS}*`, destination: `${TAGS}*` };

/**
 * Brings the tracking refs of a remote up to date, as `git fetch`. Branches here do not change.
 * @throws ToolError NOT_FOUND, PERMISSION_DENIED, UNAVAILABLE, UPSTREAM, TOO_LARGE, UNSUPPORTED, CONFLICT
 */
export async function fetchRemote(repo: Repository, access: RemoteAccess, request: FetchRequest): Promise<Fetched> {
  const { remote, only, tags = "reachable", who, signal } = request;
  const settings = remoteSettings(repo, remote);
  const url = remoteUrl(settings.url, access.guard);
  const connection = await Connection.open(url, { ...access, service: "git-upload-pack", signal });

  const refspecs = tags === "all" ? [...settings.fetch, ALL_TAGS] : settings.fetch;
  const wantedTags = tags === "none" ? [] : [TAGS];
  const prefixes = only === undefined ? refspecs.filter(({ kind }) => kind !== "exclude").map(prefixOf) : [only];
  const { refs } = await listRefs(connection, [...prefixes, ...wantedTags]);

  const chosen =
    only === undefined ? refs : refs.filter(({ name }) => name === only || (tags === "all" && isTag(name)));
  const planned = plannedRefs(repo, refspecs, chosen);
  const tip = refs.find(({ name }) => name === only)?.oid;
  if (only !== undefined && tip === undefined) throw new ToolError("NOT_FOUND", `${remote} has no ${textOf(only)}`);
  const wants = [...planned.map(({ oid }) => oid), ...(tip === undefined ? [] : [tip])];
  const options = { ...request, maxPack: access.maxPack };
  const first = await download(repo, connection, { wants, remote: settings.name }, options);

  const reached = tags === "reachable" ? reachableTags(repo, refs) : [];
  const second = await download(
    repo,
    connection,
    { wants: reached.map(({ oid }) => oid), remote: settings.name },
    { ...options, depth: undefined },
  );

  const gone = request.prune && only === undefined ? pruned(repo, settings.fetch, refs) : [];
  const moves = [...gone, ...movesFor(repo, [...planned, ...reached])];
  moveRefs(repo, moves, `fetch ${remote}`, who);
  return {
    url: shownUrl(settings.url),
    moves,
    tip,
    bytes: first.bytes + second.bytes,
    objects: first.objects + second.objects,
  };
}

const isTag = (name: ByteString): boolean => name.startsWith(TAGS);

/** Tags that are not here, of objects that are. */
export function reachableTags(repo: Repository, refs: readonly RemoteRef[]): PlannedRef[] {
  return refs
    .filter(({ name, oid, peeled }) => isTag(name) && repo.objects.has(peeled ?? oid) && !repo.refs.resolve(name))
    .map(({ name, oid }) => ({ source: name, destination: name, oid, force: false }));
}

/** Tracking refs that no ref of the remote goes to any more. */
function pruned(repo: Repository, refspecs: readonly Refspec[], refs: readonly RemoteRef[]): RefMove[] {
  const alive = new Set(plannedRefs(repo, refspecs, refs).map(({ destination }) => destination));
  const mine = refspecs
    .filter(({ kind, destination }) => kind !== "exclude" && destination.includes("*"))
    .map((refspec) => ({ ...refspec, source: refspec.destination }));
  return repo.refs
    .list()
    .filter(({ name, target }) => target === undefined && !isTag(name) && !alive.has(name))
    .filter(({ name }) => mine.some((refspec) => destinationOf(refspec, name) !== undefined))
    .map(({ name, oid }) => ({ ref: name, from: oid, to: undefined, kind: "pruned" }));
}
