import { type ByteString, bytesOf, textOf } from "../repository/bytes/byte-string.js";
import type { ObjectId } from "../repository/object-id.js";
import type { Repository } from "../repository/repository.js";
import { reflogIdentity } from "./identity.js";

const PREFIX = "refs/mcp-undo/";

/** Recovery refs that are kept; each of them keeps its objects from being collected. */
const MOST_KEPT = 50;

/**
 * Keeps a commit from being lost: `refs/mcp-undo/<time>-<what>`, written before something destructive happens. The oldest ones go.
 * @param what such as `reset-hard`; becomes part of the name
 * @returns the full name of the ref
 */
export function keepForUndo(repo: Repository, what: string, oid: ObjectId): ByteString {
  const time = new Date().toISOString().replace(/[-:]/g, "").replace(".", "");
  const label = bytesOf(what)
    .replace(/[^A-Za-z0-9]+/g, "-")
    .slice(0, 60)
    .replace(/^-|-$/g, "");
  const kept = repo.refs.list(PREFIX).map(({ name }) => name);
  const ref = freeName(`${PREFIX}${time}-${label}`, kept);
  const outdated = kept.slice(0, Math.max(0, kept.length + 1 - MOST_KEPT));
  const log = { who: reflogIdentity(repo.config), message: `${textOf(label)}: keep for undo` };
  repo.refs.update([{ ref, to: oid, expected: null }], log);
  for (const name of outdated) repo.refs.update([{ ref: name, to: undefined }], log);
  return ref;
}

function freeName(wanted: ByteString, taken: readonly ByteString[]): ByteString {
  let name = wanted;
  for (let count = 2; taken.includes(name); count++) name = `${wanted}-${count}`;
  return name;
}
