import type { Transport } from "@modelcontextprotocol/server";
import { serveStdio } from "@modelcontextprotocol/server/stdio";
import type { ConfigError } from "../config/config-error.js";
import type { Caller } from "../define/context.js";
import type { App } from "./app.js";
import { Connection } from "./connection.js";
import { buildInstance } from "./instance.js";
import { type Listening, Wire } from "./wire.js";

/** Whoever started this process, or shares it. */
const localCaller: Caller = { id: "local", scopes: "all" };

export interface ServedConnection {
  /** Resolves once every request received has its answer. */
  whenIdle(): Promise<void>;
  /** Who the client is found to be: rejects with ConfigError where the server cannot serve it. */
  services(): Promise<unknown>;
  close(): Promise<void>;
}

export interface ServeOptions {
  caller?: Caller | undefined;
  /** Told when the configuration cannot serve this client, which is known once the client's roots are. */
  refused?: (error: ConfigError) => void;
  /** Told when the connection has ended, from whichever side. */
  ended?: () => void;
}

/** Serves one connection, in whichever protocol era its client opens it. */
export function serve(
  app: App,
  transport: Transport,
  { caller = localCaller, refused = () => {}, ended = () => {} }: ServeOptions = {},
): ServedConnection {
  const connection = new Connection(app, caller, refused);
  const listening: Listening = {
    grant: (uri, listener) =>
      connection.watches.subscribe(uri, listener).then(
        () => true,
        (error) => {
          app.log.info({ err: error }, "refused a subscription");
          return false;
        },
      ),
    release: (uri, listener) => connection.watches.unsubscribe(uri, listener),
  };
  const wire = new Wire(transport, listening, ended);
  const handle = serveStdio(({ era }) => buildInstance(app, connection, era), {
    transport: wire,
    onerror: (error) => app.log.warn({ err: error }, "protocol error"),
  });
  return {
    whenIdle: () => wire.whenIdle(),
    services: () => connection.services(),
    close: async () => {
      connection.close();
      await handle.close();
    },
  };
}
