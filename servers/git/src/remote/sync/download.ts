import { ToolError } from "@mcp-reference/validation";
import type { ByteString } from "../../repository/bytes/byte-string.js";
import type { ObjectId } from "../../repository/object-id.js";
import type { Repository } from "../../repository/repository.js";
import { receivePack } from "../pack/receive-pack.js";
import { changeShallow, readShallow } from "../settings/shallow-file.js";
import type { Connection } from "../wire/connection.js";
import { fetchPack } from "../wire/fetch-pack.js";
import { haves } from "./haves.js";

export interface DownloadOptions {
  /** Commits of history; all without it. */
  readonly depth?: number | undefined;
  /** Of the pack, in bytes. */
  readonly maxPack: number;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: number, total: number | undefined, what: string) => void) | undefined;
}

export interface Downloaded {
  readonly bytes: number;
  readonly objects: number;
}

const NOTHING: Downloaded = { bytes: 0, objects: 0 };

/**
 * Brings objects and all they need into the repository. No ref changes yet; a part that arrived is not kept.
 * @param remote whose refs tell best what need not be sent
 */
export async function download(
  repo: Repository,
  connection: Connection,
  { wants, remote }: { wants: Iterable<ObjectId>; remote: ByteString | undefined },
  { depth, maxPack, signal, onProgress }: DownloadOptions,
): Promise<Downloaded> {
  const all = [...new Set(wants)];
  const wanted = depth === undefined ? all.filter((oid) => !repo.objects.has(oid)) : all;
  if (wanted.length === 0) return NOTHING;
  const shallow = readShallow(repo);
  const answer = await fetchPack(connection, {
    wants: wanted,
    haves: haves(repo, remote),
    shallow,
    depth,
    maxBytes: maxPack,
  });
  const edge = [...shallow, ...answer.shallow];
  const received = await receivePack(repo, answer.pack, { shallow: edge, signal, onProgress });
  changeShallow(repo, { add: answer.shallow, remove: answer.unshallow });
  const missing = wanted.find((oid) => !repo.objects.has(oid));
  if (missing !== undefined) throw new ToolError("UPSTREAM", `the remote did not send ${missing}, which it offered`);
  return received;
}
