import { ToolError } from "@mcp-reference/validation";
import { keepForUndo } from "../../changes/undo-ref.js";
import { type ByteString, textOf } from "../../repository/bytes/byte-string.js";
import { editConfig } from "../../repository/config/edit-config.js";
import { isObjectId, type ObjectId } from "../../repository/object-id.js";
import type { Signature } from "../../repository/objects/types.js";
import type { Repository } from "../../repository/repository.js";
import type { RemoteAccess } from "../access/remote-access.js";
import { remoteUrl, shownUrl } from "../access/remote-url.js";
import { buildPack } from "../pack/build-pack.js";
import { objectsToSend } from "../pack/objects-to-send.js";
import { destinationOf } from "../settings/refspec.js";
import { type RemoteSettings, remoteSettings } from "../settings/remote-settings.js";
import { Connection } from "../wire/connection.js";
import { sendPack } from "../wire/send-pack.js";
import { pushTarget, remoteBranch } from "./push-target.js";
import { goesForward } from "./ref-moves.js";

export interface PushRequest {
  readonly remote: string;
  /** `source`, or `source:destination`. Default: the current branch. */
  readonly refspec?: string | undefined;
  /** Lets commits be lost there, if the ref is exactly this now. */
  readonly forceWithLease?: ObjectId | undefined;
  /** Branch to delete there, instead of pushing something. */
  readonly deleteBranch?: string | undefined;
  /** Makes the branch here follow the one there. */
  readonly setUpstream?: boolean | undefined;
  readonly who: Signature;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

export interface Pushed {
  /** Without credentials. */
  readonly url: string;
  /** Full name at the remote. */
  readonly ref: ByteString;
  readonly from: ObjectId | undefined;
  readonly to: ObjectId | undefined;
  /** Objects sent. */
  readonly objects: number;
  /** Keeps the commit that the remote lost, where it is known here: to be pushed back. */
  readonly undoRef: ByteString | undefined;
}

/**
 * Changes one ref of a remote, and the tracking ref here with it.
 * @throws ToolError CONFLICT when commits there would be lost; UNKNOWN when it may have happened; PERMISSION_DENIED,
 * NOT_FOUND, UNAVAILABLE, UPSTREAM, UNSUPPORTED, INVALID_ARGUMENT
 */
export async function pushToRemote(repo: Repository, access: RemoteAccess, request: PushRequest): Promise<Pushed> {
  const { remote, deleteBranch, signal } = request;
  const settings = remoteSettings(repo, remote);
  const target = deleteBranch === undefined ? pushTarget(repo, settings.name, request.refspec) : undefined;
  const ref = target?.destination ?? remoteBranch(deleteBranch ?? "");
  const to = target?.oid;

  const url = remoteUrl(settings.pushUrl, access.guard);
  const connection = await Connection.open(url, { ...access, service: "git-receive-pack", signal });
  const { refs } = connection.advertisement;
  const from = refs.find(({ name }) => name === ref)?.oid;
  if (target === undefined && from === undefined) throw new ToolError("NOT_FOUND", `the remote has no ${textOf(ref)}`);
  checkLease(repo, { ref, from, to, lease: request.forceWithLease });

  const loses = deleteBranch !== undefined || request.forceWithLease !== undefined;
  const undoRef = loses && from !== undefined && isCommitHere(repo, from) ? keepForUndo(repo, "push", from) : undefined;
  let objects = 0;
  if (from !== to) {
    const known = refs.map(({ oid }) => oid).filter((oid) => isCommitHere(repo, oid));
    const ids = to === undefined ? [] : await objectsToSend(repo, [to], known, signal);
    const pack = to === undefined ? undefined : buildPack(repo.objects, ids, request.onProgress);
    await sendPack(connection, { ref, from, to }, pack);
    objects = ids.length;
    track(repo, settings, { ref, to }, request.who);
  }
  if (request.setUpstream && target?.source?.startsWith("refs/heads/")) follow(repo, target.source, settings.name, ref);
  return { url: shownUrl(settings.pushUrl), ref, from, to, objects, undoRef };
}

interface Change {
  readonly ref: ByteString;
  readonly from: ObjectId | undefined;
  readonly to: ObjectId | undefined;
}

/** What the remote has may be lost only when whoever asks knows what that is. */
function checkLease(repo: Repository, { ref, from, to, lease }: Change & { lease: ObjectId | undefined }): void {
  const name = textOf(ref);
  if (lease !== undefined) {
    if (!isObjectId(lease)) throw new ToolError("INVALID_ARGUMENT", "force_with_lease must be a full commit id");
    if (lease === from) return;
    throw new ToolError("CONFLICT", `${name} at the remote is ${from ?? "absent"}, not what was expected`, {
      hint: "Fetch, and look at what is new there",
    });
  }
  if (from === undefined || to === undefined || from === to) return;
  if (ref.startsWith("refs/tags/")) {
    throw new ToolError("ALREADY_EXISTS", `the remote has another ${name}`, { hint: "Push it under another name" });
  }
  if (goesForward(repo, from, to)) return;
  throw new ToolError("CONFLICT", `${name} at the remote has commits that would be lost`, {
    hint: "Pull first, or give what it is there now as force_with_lease",
  });
}

const isCommitHere = ({ objects }: Repository, oid: ObjectId): boolean =>
  objects.has(oid) && objects.header(oid).type === "commit";

/** The tracking ref of what was pushed is known without fetching. */
function track(
  repo: Repository,
  { name, fetch }: RemoteSettings,
  { ref, to }: Pick<Change, "ref" | "to">,
  who: Signature,
): void {
  const tracking = fetch
    .filter(({ kind, destination }) => kind !== "exclude" && destination.startsWith("refs/remotes/"))
    .map((refspec) => destinationOf(refspec, ref))
    .find((destination) => destination?.startsWith(`refs/remotes/${name}/`));
  if (tracking === undefined || (to === undefined && repo.refs.resolve(tracking) === undefined)) return;
  repo.refs.update([{ ref: tracking, to, follow: false }], { who, message: "update by push" });
}

function follow(repo: Repository, branch: ByteString, remote: ByteString, ref: ByteString): void {
  const section = { name: "branch", subsection: branch.slice("refs/heads/".length) };
  editConfig(repo, (text) => {
    text.set(section, "remote", remote);
    text.set(section, "merge", ref);
  });
}
