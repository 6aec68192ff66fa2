import { ToolError } from "@mcp-reference/validation";
import { type ByteString, textOf } from "../../repository/bytes/byte-string.js";
import { NULL_ID, type ObjectId } from "../../repository/object-id.js";
import { split } from "./advertisement.js";
import type { Connection } from "./connection.js";
import { lineOf, mark, packet, readPackets, remoteWords } from "./pkt-line.js";
import { packData } from "./side-band.js";

/** A ref of the remote that is to change, if it still is what it was. */
export interface PushCommand {
  readonly ref: ByteString;
  readonly from: ObjectId | undefined;
  /** Undefined deletes it. */
  readonly to: ObjectId | undefined;
}

/**
 * Sends a command and the pack it needs.
 * @param pack undefined where nothing is to be sent, as for a deletion
 * @throws ToolError CONFLICT or UPSTREAM with the remote's reason when it refuses; UNKNOWN when it did not say what it did
 */
export async function sendPack(
  connection: Connection,
  command: PushCommand,
  pack: AsyncIterable<Buffer> | undefined,
): Promise<void> {
  const { capabilities } = connection.advertisement;
  if (command.to === undefined && !capabilities.has("delete-refs")) {
    throw new ToolError("UNSUPPORTED", "the remote does not let refs be deleted");
  }
  const asked = ["report-status", "side-band-64k", "quiet"].filter((name) => capabilities.has(name));
  const { from = NULL_ID, to = NULL_ID, ref } = command;
  const head = [packet(`${from} ${to} ${ref}\0 ${asked.join(" ")} agent=mcp-server-git`), mark("flush")];
  const report = await exchange(connection, head, pack, asked.includes("side-band-64k"));
  if (!asked.includes("report-status")) return;
  const unpacked = report.find((line) => line.startsWith("unpack "));
  const verdict = report.find((line) => split(line.slice(3), " ")[0] === ref);
  if (unpacked === undefined || verdict === undefined) throw unknown();
  if (unpacked !== "unpack ok") throw refused(unpacked.slice("unpack ".length), ref);
  if (!verdict.startsWith("ok ")) throw refused(split(verdict.slice(3), " ")[1], ref);
}

/** @returns the lines of the report */
async function exchange(
  connection: Connection,
  head: readonly Buffer[],
  pack: AsyncIterable<Buffer> | undefined,
  isBanded: boolean,
): Promise<ByteString[]> {
  let sentAll = pack === undefined;
  async function* body(packed: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    yield* head;
    yield* packed;
    sentAll = true;
  }
  try {
    const answer = await connection.post(pack === undefined ? head : body(pack));
    const lines = readPackets(isBanded ? packData(readPackets(answer)) : answer);
    const report: ByteString[] = [];
    for await (const line of lines) if (typeof line !== "string") report.push(lineOf(line));
    return report;
  } catch (error) {
    // A remote that has everything may have done it; one that broke off before cannot.
    const isCutOff = error instanceof ToolError && error.code === "UNAVAILABLE";
    throw sentAll && isCutOff ? unknown(error) : error;
  }
}

function refused(reason: ByteString, ref: ByteString): ToolError {
  const isRace = /lock|fetch first|non-fast-forward|stale|reference already exists/i.test(reason);
  return new ToolError(isRace ? "CONFLICT" : "UPSTREAM", `the remote refuses ${textOf(ref)}: ${remoteWords(reason)}`, {
    hint: isRace ? "Fetch, and look at what is new there" : undefined,
  });
}

const unknown = (cause?: unknown) =>
  new ToolError("UNKNOWN", "the connection broke off before the remote said whether it took the push", {
    hint: "Fetch to see whether it did",
    cause,
  });
