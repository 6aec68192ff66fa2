import type { ClientCapabilities, Implementation } from "@modelcontextprotocol/client";
import type { CommandTarget, ConnectOptions } from "./mcp-client.js";

export const clientInfo: Implementation = { name: "mcp-reference-client", version: "1.0.0" };

/** A client offers what it was given an answer for. */
export const clientCapabilities = ({ roots, elicit, sample }: ConnectOptions): ClientCapabilities => ({
  ...(roots && { roots: { listChanged: true } }),
  ...(elicit && { elicitation: { form: {} } }),
  ...(sample && { sampling: {} }),
});

/** The SDKs' 10 MB would end a connection over one large result. */
const MAX_MESSAGE_BYTES = 256 * 1024 * 1024;

export const toStdioParameters = ({ command, args = [], env, cwd, stderr = "inherit" }: CommandTarget) => ({
  command,
  args: [...args],
  stderr,
  maxBufferSize: MAX_MESSAGE_BYTES,
  ...(env && { env }),
  ...(cwd !== undefined && { cwd }),
});
