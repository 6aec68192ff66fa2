import { ToolError } from "@mcp-reference/validation";
import { isObjectId, type ObjectId } from "../../repository/object-id.js";
import type { Connection } from "./connection.js";
import { lineOf, mark, type Packet, packet, readPackets, remoteWords } from "./pkt-line.js";
import { packData } from "./side-band.js";

export interface PackRequest {
  readonly wants: readonly ObjectId[];
  /** Commits that are here with all they need, so that they need not be sent. */
  readonly haves: readonly ObjectId[];
  /** Commits here whose parents are missing. */
  readonly shallow: readonly ObjectId[];
  /** Commits of history that are wanted; all without it. */
  readonly depth: number | undefined;
  readonly maxBytes: number;
}

export interface PackAnswer {
  /** Commits that are to be shallow from now on, and those that are no more. */
  readonly shallow: readonly ObjectId[];
  readonly unshallow: readonly ObjectId[];
  /** The pack, as it arrives. */
  readonly pack: AsyncIterable<Buffer>;
}

/**
 * Asks for the objects of some refs, in a single round: what is here is told all at once, and the server sends what it does
 * not find among it. The pack refers to nothing outside of itself ("thin" packs are not asked for).
 * @throws ToolError as `Connection.post`; UPSTREAM with the server's reason
 */
export async function fetchPack(connection: Connection, request: PackRequest): Promise<PackAnswer> {
  const speaksV2 = connection.advertisement.protocol === 2;
  const answer = await connection.post(
    speaksV2 ? requestV2(connection, request) : requestV0(connection, request),
    request.maxBytes,
  );
  const packets = readPackets(answer)[Symbol.asyncIterator]();
  const shallow: ObjectId[] = [];
  const unshallow: ObjectId[] = [];
  for (;;) {
    const { value: next, done } = await packets.next();
    if (done || next === undefined) throw new ToolError("UNAVAILABLE", "the remote broke off before it sent a pack");
    const line = typeof next === "string" ? "" : lineOf(next);
    if (line === "packfile") return { shallow, unshallow, pack: packData(rest(packets)) };
    if (!speaksV2 && typeof next !== "string" && isSideBand(next)) {
      return { shallow, unshallow, pack: packData(rest(packets, next)) };
    }
    if (line.startsWith("ERR ")) throw new ToolError("UPSTREAM", `the remote says: ${remoteWords(line.slice(4))}`);
    const [word, oid = ""] = line.split(" ");
    if (word === "shallow" && isObjectId(oid)) shallow.push(oid);
    if (word === "unshallow" && isObjectId(oid)) unshallow.push(oid);
  }
}

function requestV2(connection: Connection, { wants, haves, shallow, depth }: PackRequest): Buffer[] {
  const features = connection.advertisement.capabilities.get("fetch") ?? "";
  if (depth !== undefined && !features.split(" ").includes("shallow")) throw noDepth();
  return [
    packet("command=fetch"),
    ...connection.identity(),
    mark("delimiter"),
    packet("ofs-delta"),
    packet("include-tag"),
    ...wants.map((oid) => packet(`want ${oid}`)),
    ...shallow.map((oid) => packet(`shallow ${oid}`)),
    ...(depth === undefined ? [] : [packet(`deepen ${depth}`)]),
    ...haves.map((oid) => packet(`have ${oid}`)),
    packet("done"),
    mark("flush"),
  ];
}

function requestV0(connection: Connection, { wants, haves, shallow, depth }: PackRequest): Buffer[] {
  const { capabilities } = connection.advertisement;
  if (!capabilities.has("side-band-64k"))
    throw new ToolError("UNSUPPORTED", "the remote's git is too old to fetch from");
  if (depth !== undefined && !capabilities.has("shallow")) throw noDepth();
  const wanted = ["side-band-64k", "ofs-delta", "include-tag", "multi_ack_detailed"].filter((name) =>
    capabilities.has(name),
  );
  const deepens = depth !== undefined || shallow.length > 0;
  return [
    ...wants.map((oid, index) => packet(`want ${oid}${index === 0 ? ` ${wanted.join(" ")}` : ""}`)),
    ...(deepens ? shallow.map((oid) => packet(`shallow ${oid}`)) : []),
    ...(depth === undefined ? [] : [packet(`deepen ${depth}`)]),
    mark("flush"),
    ...haves.map((oid) => packet(`have ${oid}`)),
    packet("done"),
  ];
}

/** Everything before the pack is words, and none of them begins with such a byte. */
const isSideBand = (bytes: Buffer): boolean => (bytes[0] ?? 0xff) <= 3;

async function* rest(packets: AsyncIterator<Packet, void>, first?: Packet): AsyncGenerator<Packet> {
  try {
    if (first !== undefined) yield first;
    for (let next = await packets.next(); !next.done; next = await packets.next()) yield next.value;
  } finally {
    await packets.return?.();
  }
}

const noDepth = () =>
  new ToolError("UNSUPPORTED", "the remote cannot send a part of the history", { hint: "Leave out depth" });
