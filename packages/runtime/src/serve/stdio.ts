import type { Readable, Writable } from "node:stream";
import type { JSONRPCMessage } from "@modelcontextprotocol/server";
import { StdioServerTransport } from "@modelcontextprotocol/server/stdio";
import { jsonPieces } from "../output/json-list.js";

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
      for (const piece of pieces) this.stdout.write(piece);
      this.stdout.write("\n", (error) => (error ? reject(error) : resolve()));
    });
  }
}
