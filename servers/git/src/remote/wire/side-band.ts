import { ToolError } from "@mcp-reference/validation";
import { type Packet, remoteWords } from "./pkt-line.js";

const DATA = 1;
const PROGRESS = 2;

/**
 * What a server sends beside what it tells people. Its progress is for people at a terminal; its errors end it.
 * @throws ToolError UPSTREAM with the reason it gives
 */
export async function* packData(packets: AsyncIterable<Packet>): AsyncGenerator<Buffer> {
  for await (const packet of packets) {
    if (packet === "flush" || packet === "end") return;
    if (packet === "delimiter") continue;
    const [band] = packet;
    if (band === DATA) yield packet.subarray(1);
    else if (band !== PROGRESS) {
      throw new ToolError("UPSTREAM", `the remote says: ${remoteWords(packet.toString("latin1", 1))}`);
    }
  }
  throw new ToolError("UNAVAILABLE", "the remote broke off in the middle of its answer");
}
