import type { ByteString } from "../../repository/bytes/byte-string.js";
import { isRefName } from "../../repository/refs/ref-format.js";
import { RefList, type RemoteRef, split } from "./advertisement.js";
import type { Connection } from "./connection.js";
import { lineOf, mark, packet, readPackets } from "./pkt-line.js";

/** Refs and what `HEAD` stands for, which an empty repository tells too. */
export interface RemoteRefs {
  readonly refs: readonly RemoteRef[];
  /** Full name of the branch that a clone checks out. */
  readonly defaultBranch: ByteString | undefined;
}

/**
 * Refs of the remote.
 * @param prefixes what their names begin with; a server may send more
 */
export async function listRefs(connection: Connection, prefixes: readonly ByteString[]): Promise<RemoteRefs> {
  const { advertisement } = connection;
  if (advertisement.protocol === 0) {
    const head = advertisement.refs.find((ref) => ref.name === "HEAD");
    const target = head?.target;
    return {
      refs: advertisement.refs,
      defaultBranch: target !== undefined && isBranch(target) ? target : branchAt(advertisement.refs, head),
    };
  }
  const wanted = ["HEAD", ...prefixes].map((prefix) => packet(`ref-prefix ${prefix}`));
  const unborn = (advertisement.capabilities.get("ls-refs") ?? "").includes("unborn") ? [packet("unborn")] : [];
  const answer = await connection.post([
    packet("command=ls-refs"),
    ...connection.identity(),
    mark("delimiter"),
    packet("peel"),
    packet("symrefs"),
    ...unborn,
    ...wanted,
    mark("flush"),
  ]);
  const refs = new RefList();
  let defaultBranch: ByteString | undefined;
  for await (const line of readPackets(answer)) {
    if (typeof line === "string") continue;
    const [oid = "", name = "", ...attributes] = lineOf(line).split(" ");
    const facts = new Map(attributes.map((attribute) => split(attribute, ":")));
    const target = facts.get("symref-target");
    const peeled = facts.get("peeled");
    if (name === "HEAD" && target !== undefined && isBranch(target)) defaultBranch = target;
    if (oid !== "unborn") refs.add(name, { oid, target, ...(peeled !== undefined && { peeled }) });
  }
  return { refs: refs.all(), defaultBranch };
}

const isBranch = (name: ByteString): boolean => name.startsWith("refs/heads/") && isRefName(name);

/** Old servers do not say what `HEAD` stands for: a branch at the same commit, the usual names first. */
function branchAt(refs: readonly RemoteRef[], head: RemoteRef | undefined): ByteString | undefined {
  const same = refs
    .filter((ref) => ref.oid === head?.oid && ref.name.startsWith("refs/heads/"))
    .map(({ name }) => name);
  return ["refs/heads/main", "refs/heads/master"].find((name) => same.includes(name)) ?? same[0];
}
