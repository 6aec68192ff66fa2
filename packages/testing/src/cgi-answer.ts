import type { ServerResponse } from "node:http";
import type { Readable } from "node:stream";

/** Passes on what a CGI program prints: headers, an empty line, and the body as far as the fault lets it. */
export function copyCgiAnswer(
  program: Readable,
  response: ServerResponse,
  {
    cutAfter = Number.POSITIVE_INFINITY,
    stallAfter = Number.POSITIVE_INFINITY,
  }: { cutAfter?: number; stallAfter?: number },
): void {
  let head: Buffer | undefined = Buffer.alloc(0);
  let left = Math.min(cutAfter, stallAfter);

  program.on("data", (bytes: Buffer) => {
    if (head === undefined) return pass(bytes);
    head = Buffer.concat([head, bytes]);
    const end = head.indexOf("\r\n\r\n");
    if (end < 0) return;
    writeHead(head.subarray(0, end).toString("latin1"), response);
    const body = head.subarray(end + 4);
    head = undefined;
    pass(body);
  });
  program.on("end", () => {
    if (left > 0) response.end();
  });

  function pass(bytes: Buffer): void {
    const part = bytes.subarray(0, left);
    left -= part.length;
    response.write(part, () => {
      if (left === 0 && cutAfter <= stallAfter) response.destroy();
    });
  }
}

function writeHead(head: string, response: ServerResponse): void {
  let status = 200;
  for (const line of head.split("\r\n")) {
    const [, name = "", value = ""] = /^([^:]*):\s*(.*)$/.exec(line) ?? [];
    if (name.toLowerCase() === "status") status = Number.parseInt(value, 10);
    else if (name !== "") response.setHeader(name, value);
  }
  response.writeHead(status);
  response.flushHeaders();
}
