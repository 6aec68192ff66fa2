import type { Readable, Writable } from "node:stream";
import type { JSONRPCMessage } from "@modelcontextprotocol/server";
import { StdioServerTransport } from "@modelcontextprotocol/server/stdio";
import { jsonPieces } from "../output/json-list.js";

/** Characters to a write: each goes to the system, and a large message is not put together once more. */
const WRITE = 64 * 1024;

/** The SDK's transport, and lists that are JSON already are written as they are, piece by piece. */
export class StdioTransport extends StdioServerTransport {
  constructor(
    stdin: Readable,
    private readonly stdout: Writable,
    options: { maxBufferSize: number },
  ) {
    super(stdin, stdout, options);
  }

  override send(message: JSONRPCMessage): Promise<void> {
    const pieces = jsonPieces(message);
    if (!pieces) return super.send(message);
    return new Promise((resolve, reject) => {
      let unwritten = "";
      for (const piece of pieces) {
        unwritten += piece;
        if (unwritten.length < WRITE) continue;
        this.stdout.write(unwritten);
        unwritten = "";
      }
      this.stdout.write(`${unwritten}\n`, (error) => (error ? reject(error) : resolve()));
    });
  }
}
