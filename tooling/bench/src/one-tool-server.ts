import { join } from "node:path";
import { build } from "esbuild";
import type { Command } from "./rpc-client.js";

/** What anybody would write with the SDK our servers stand on. */
const SOURCE = `
  import { McpServer } from "@modelcontextprotocol/server";
  import { serveStdio } from "@modelcontextprotocol/server/stdio";
  import * as z from "zod";

  serveStdio(() => {
    const server = new McpServer({ name: "one-tool", version: "1.0.0" });
    const config = { description: "Says it again", inputSchema: z.object({ message: z.string() }) };
    server.registerTool("echo", config, ({ message }) => ({ content: [{ type: "text", text: message }] }));
    return server;
  });`;

/** The least that a server on the SDK can be, in one bundled file: what is above its cold start is ours. */
export async function bundleOneToolServer(root: string, folder: string): Promise<Command> {
  const file = join(folder, "one-tool-server.mjs");
  await build({
    stdin: { contents: SOURCE, resolveDir: join(root, "packages", "runtime") },
    outfile: file,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20.19",
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: "none",
    logLevel: "warning",
  });
  return { command: process.execPath, args: [file] };
}
