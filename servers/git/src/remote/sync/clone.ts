import { ToolError } from "@mcp-reference/validation";
import { reflogIdentity } from "../../changes/identity.js";
import { initRepository } from "../../changes/init/init-repository.js";
import { switchTree } from "../../changes/switch-tree.js";
import { withIndexLock } from "../../changes/with-index-lock.js";
import { type ByteString, bytesOf, textOf } from "../../repository/bytes/byte-string.js";
import { editConfig } from "../../repository/config/edit-config.js";
import type { AllowedRoots } from "../../repository/layout/types.js";
import type { ObjectId } from "../../repository/object-id.js";
import { openRepository } from "../../repository/open-repository.js";
import type { RefChange } from "../../repository/refs/types.js";
import type { Repository } from "../../repository/repository.js";
import type { RemoteAccess } from "../access/remote-access.js";
import { givenUrl, shownUrl } from "../access/remote-url.js";
import { trackingRefspec } from "../settings/remote-settings.js";
import { Connection } from "../wire/connection.js";
import { listRefs, type RemoteRefs } from "../wire/ls-refs.js";
import { cloneDirectory } from "./clone-directory.js";
import { storeRefs } from "./cloned-refs.js";
import { type Downloaded, type DownloadOptions, download } from "./download.js";
import { peeledTag } from "./peeled-tag.js";

export interface CloneRequest {
  readonly url: string;
  /** Absolute path, inside the roots: an empty directory, or nothing in a directory that is there. */
  readonly path: string;
  readonly roots: AllowedRoots;
  /** Branch or tag to check out. Default: what `HEAD` of the remote is. */
  readonly branch?: string | undefined;
  /** Commits of history; all without it. */
  readonly depth?: number | undefined;
  /** Only that branch. Default: where `depth` is given. */
  readonly singleBranch?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: DownloadOptions["onProgress"];
}

export interface Cloned extends Downloaded {
  readonly url: string;
  /** Short name of what is checked out; undefined where the remote is empty. */
  readonly branch: string | undefined;
  readonly head: ObjectId | undefined;
  /** Files written. */
  readonly files: number;
}

/** Until the remote's own is known. */
const INITIAL = "main";
const HEADS = "refs/heads/";
const TAGS = "refs/tags/";

/**
 * Makes a repository from a remote one and checks it out. What it made is removed again when it fails.
 * @throws ToolError ALREADY_EXISTS, NOT_FOUND, PERMISSION_DENIED, UNAVAILABLE, UPSTREAM, TOO_LARGE, UNSUPPORTED
 */
export async function cloneRepository(access: RemoteAccess, request: CloneRequest): Promise<Cloned> {
  const url = givenUrl(request.url, access.guard);
  const { depth, signal, singleBranch = depth !== undefined } = request;
  const connection = await Connection.open(url, { ...access, service: "git-upload-pack", signal });
  const remote = await listRefs(connection, [HEADS, TAGS]);
  const tip = chosenTip(remote, request.branch);
  const only = singleBranch && tip?.name.startsWith(HEADS) ? tip.name : undefined;

  const directory = cloneDirectory(request.path);
  try {
    initRepository({ directory: request.path, defaultBranch: INITIAL, bare: false });
    const repo = openRepository(request.path, request.roots);
    try {
      setUp(repo, {
        url: url.href,
        head: tip?.name.startsWith(HEADS) ? tip.name : (remote.defaultBranch ?? HEADS + INITIAL),
        fetch: trackingRefspec("origin", only?.slice(HEADS.length)),
      });
      const wanted = singleBranch ? remote.refs.filter(({ oid }) => oid === tip?.oid) : remote.refs.filter(isCopied);
      const received = await download(
        repo,
        connection,
        { wants: wanted.map(({ oid }) => oid), remote: undefined },
        { ...request, maxPack: access.maxPack },
      );
      storeRefs(repo, {
        refs: remote.refs,
        defaultBranch: remote.defaultBranch,
        only: singleBranch ? tip?.name : undefined,
      });
      const files = tip ? await checkOut(repo, tip, { url: shownUrl(url.href), signal }) : 0;
      return { ...received, url: shownUrl(url.href), branch: tip && shortName(tip.name), head: tip?.oid, files };
    } finally {
      repo.close();
    }
  } catch (error) {
    directory.remove();
    throw error;
  }
}

/** What the config and `HEAD` say before anything has arrived. */
function setUp(repo: Repository, { url, head, fetch }: { url: string; head: ByteString; fetch: ByteString }): void {
  const origin = { name: "remote", subsection: "origin" };
  const branch = { name: "branch", subsection: head.slice(HEADS.length) };
  editConfig(repo, (text) => {
    text.add(origin, "url", bytesOf(url));
    text.add(origin, "fetch", fetch);
    text.add(branch, "remote", "origin");
    text.add(branch, "merge", head);
  });
  const change: RefChange = { ref: "HEAD", to: undefined, target: head };
  repo.refs.update([change], { who: reflogIdentity(repo.config), message: "clone" });
}

interface Tip {
  readonly name: ByteString;
  readonly oid: ObjectId;
}

function chosenTip({ refs, defaultBranch }: RemoteRefs, branch: string | undefined): Tip | undefined {
  const find = (name: ByteString | undefined) => refs.find((ref) => ref.name === name);
  if (branch === undefined) return find(defaultBranch) ?? find("HEAD");
  const found = find(HEADS + bytesOf(branch)) ?? find(TAGS + bytesOf(branch));
  if (found) return found;
  const branches = refs.filter(({ name }) => name.startsWith(HEADS)).map(({ name }) => shortName(name));
  throw new ToolError("NOT_FOUND", `the remote has no branch or tag ${branch}`, {
    hint: branches.length > 0 ? `Its branches: ${branches.slice(0, 20).join(", ")}` : "It has no branch at all",
  });
}

const shortName = (name: ByteString): string => textOf(name.replace(/^refs\/(?:heads|tags)\//, ""));

const isCopied = ({ name }: Tip): boolean => name.startsWith(HEADS) || name.startsWith(TAGS);

async function checkOut(
  repo: Repository,
  { name, oid }: Tip,
  { url, signal }: { url: string; signal: AbortSignal | undefined },
): Promise<number> {
  const commit = repo.objects.commit(peeledTag(repo, oid) ?? oid);
  const isBranch = name.startsWith(HEADS);
  const change: RefChange = isBranch
    ? { ref: name, to: commit.oid, expected: null }
    : { ref: "HEAD", to: commit.oid, follow: false };
  repo.refs.update([change], { who: reflogIdentity(repo.config), message: `clone: from ${bytesOf(url)}` });
  const { written } = await withIndexLock(repo, signal, (lock) =>
    switchTree(repo, lock, undefined, commit.tree, { operation: "clone", signal }),
  );
  return written;
}
