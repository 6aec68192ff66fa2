import type { ConnectionSource } from "../engine/connection-source.js";
import { shuttingDown } from "../engine/shutting-down.js";
import { serverOf } from "./connect-errors.js";
import type { PoolOptions, ServerPool } from "./server-pool.js";
import type { ConnectionSettings } from "./settings.js";

/** Connections to a PostgreSQL server. Nothing is opened, and pg not loaded, before the first is acquired. */
export function serverSource(settings: ConnectionSettings, options: PoolOptions): ConnectionSource {
  let pool: Promise<ServerPool> | undefined;
  let closing: Promise<void> | undefined;
  return {
    kind: "server",
    address: `${serverOf(settings)}/${settings.database}`,
    size: settings.poolSize,
    async acquire(signal) {
      if (closing) throw shuttingDown();
      pool ??= import("./server-pool.js").then(({ ServerPool }) => new ServerPool(settings, options));
      return (await pool).acquire(signal);
    },
    close() {
      closing ??= Promise.resolve(pool).then((opened) => opened?.close());
      return closing;
    },
  };
}
