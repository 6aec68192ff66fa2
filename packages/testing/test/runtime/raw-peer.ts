import { type ServerDefinition, serveInMemory } from "@mcp-reference/runtime";
import { onTestFinished } from "vitest";
import type { JsonRpcMessage } from "../../src/index.js";

type Params = Record<string, unknown>;

/** A client of the 2026 era that can misbehave: it sends what it is told to. */
export interface RawPeer {
  /** @returns the whole response */
  request(method: string, params?: Params): Promise<JsonRpcMessage>;
  send(message: JsonRpcMessage): void;
  receive(matches: (message: JsonRpcMessage) => boolean): Promise<JsonRpcMessage>;
  close(): Promise<void>;
}

export const envelope = (clientCapabilities: Params = {}) => ({
  "io.modelcontextprotocol/protocolVersion": "2026-07-28",
  "io.modelcontextprotocol/clientInfo": { name: "raw", version: "1.0.0" },
  "io.modelcontextprotocol/clientCapabilities": clientCapabilities,
});

export async function rawPeer(
  definition: ServerDefinition,
  { argv = [], capabilities = {} }: { argv?: readonly string[]; capabilities?: Params } = {},
): Promise<RawPeer> {
  const { transport, close } = await serveInMemory(definition, { argv, onLog: () => {} });
  onTestFinished(close);
  const received: JsonRpcMessage[] = [];
  const waiting = new Set<() => void>();
  transport.onmessage = (message) => {
    received.push(message as JsonRpcMessage);
    for (const look of [...waiting]) look();
  };
  await transport.start();
  let id = 0;

  const receive: RawPeer["receive"] = (matches) =>
    new Promise((resolve) => {
      const look = () => {
        const found = received.find(matches);
        if (!found) return;
        waiting.delete(look);
        resolve(found);
      };
      waiting.add(look);
      look();
    });
  const send = (message: JsonRpcMessage) => void transport.send(message as never);

  return {
    send,
    receive,
    request(method, params = {}) {
      const own = `raw-${id++}`;
      send({ jsonrpc: "2.0", id: own, method, params: { _meta: envelope(capabilities), ...params } });
      return receive((message) => message.id === own && message.method === undefined);
    },
    close: () => transport.close(),
  };
}
