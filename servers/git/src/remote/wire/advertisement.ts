import { ToolError } from "@mcp-reference/validation";
import type { ByteString } from "../../repository/bytes/byte-string.js";
import { isObjectId, NULL_ID, type ObjectId } from "../../repository/object-id.js";
import { isRefName } from "../../repository/refs/ref-format.js";
import { lineOf, type Packet, remoteWords } from "./pkt-line.js";

/** A ref of the remote. */
export interface RemoteRef {
  readonly name: ByteString;
  readonly oid: ObjectId;
  /** What an annotated tag leads to. */
  readonly peeled: ObjectId | undefined;
  /** What a symbolic ref stands for. */
  readonly target: ByteString | undefined;
}

/** What a server says first. */
export interface Advertisement {
  readonly protocol: 0 | 2;
  /** Names of capabilities, with what follows their `=`. */
  readonly capabilities: ReadonlyMap<string, string>;
  /** In protocol 2 they are asked for later. */
  readonly refs: readonly RemoteRef[];
}

/** More than the largest hosts have in one repository. */
const MOST_REFS = 2_000_000;

/** @throws ToolError UPSTREAM, UNSUPPORTED */
export async function readAdvertisement(packets: AsyncIterable<Packet>): Promise<Advertisement> {
  const lines: ByteString[] = [];
  for await (const packet of packets) {
    if (typeof packet === "string") continue;
    const line = lineOf(packet);
    if (line.startsWith("ERR ")) throw new ToolError("UPSTREAM", `the remote says: ${remoteWords(line.slice(4))}`);
    if (!line.startsWith("# service=") && line !== "version 1") lines.push(line);
    if (lines.length > MOST_REFS) throw tooManyRefs();
  }
  const [first = "", ...rest] = lines;
  const advertisement: Advertisement =
    first === "version 2" ? { protocol: 2, capabilities: pairs(rest), refs: [] } : readV0(first, rest);
  const format = advertisement.capabilities.get("object-format") ?? "sha1";
  if (format !== "sha1") throw new ToolError("UNSUPPORTED", "repositories with SHA-256 ids are not supported");
  return advertisement;
}

function readV0(first: ByteString, rest: readonly ByteString[]): Advertisement {
  const [ref = "", words = ""] = first.split("\0");
  const all = words.split(" ").filter((word) => word !== "");
  const targets = new Map(
    all.filter((word) => word.startsWith("symref=")).map((word) => split(word.slice("symref=".length), ":")),
  );
  const refs = new RefList();
  for (const line of [ref, ...rest]) {
    const [oid, name] = split(line, " ");
    if (line === "" || oid === "shallow" || oid === NULL_ID) continue;
    if (name.endsWith("^{}")) refs.peel(name.slice(0, -"^{}".length), oid);
    else refs.add(name, { oid, target: targets.get(name) });
  }
  return { protocol: 0, capabilities: pairs(all), refs: refs.all() };
}

/** Refs as they are read; what cannot be the name of one here is left out, whatever it is meant for. */
export class RefList {
  readonly #refs = new Map<ByteString, RemoteRef>();

  /** @throws ToolError UPSTREAM for what is no object id */
  add(
    name: ByteString,
    { oid, peeled, target }: { oid: string; peeled?: string; target?: ByteString | undefined },
  ): void {
    for (const id of [oid, peeled]) if (id !== undefined && !isObjectId(id)) throw malformed();
    if (!isRefName(name)) return;
    if (this.#refs.size >= MOST_REFS) throw tooManyRefs();
    this.#refs.set(name, { name, oid, peeled, target: target !== undefined && isRefName(target) ? target : undefined });
  }

  peel(name: ByteString, peeled: string): void {
    const ref = this.#refs.get(name);
    if (ref) this.add(name, { ...ref, peeled });
  }

  all(): RemoteRef[] {
    return [...this.#refs.values()];
  }
}

const pairs = (words: readonly string[]): Map<string, string> => new Map(words.map((word) => split(word, "=")));

/** What is before and after the first separator. */
export function split(text: string, separator: string): [before: string, after: string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + separator.length)];
}

const malformed = () => new ToolError("UPSTREAM", "the remote sent a list of refs that cannot be read");
const tooManyRefs = () => new ToolError("TOO_LARGE", `the remote has more than ${MOST_REFS} refs`);
