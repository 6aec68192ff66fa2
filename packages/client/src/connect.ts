import type { ConnectOptions, ConnectTarget, McpClient } from "./mcp-client.js";
import { type SharedRoots, toMcpClient } from "./session.js";

/**
 * Connects a client to one server; only the SDK that is used is loaded.
 * @throws the SDK's error where the server cannot be started or shares no protocol era with the client
 */
export async function connect(target: ConnectTarget, options: ConnectOptions = {}): Promise<McpClient> {
  const roots: SharedRoots = { uris: options.roots ?? [] };
  const session =
    options.sdk === "v1"
      ? await (await import("./sdk-v1.js")).connectV1(target, options, roots)
      : await (await import("./sdk-v2.js")).connectV2(target, options, roots);
  return toMcpClient(session, roots, options);
}
