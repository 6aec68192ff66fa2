import type { Logger, OpenServices } from "@mcp-reference/runtime";
import type { Config } from "./config.js";
import { serverSource } from "./connection/server-source.js";
import { connectionSettings } from "./connection/settings.js";
import { embeddedSource } from "./embedded/embedded-source.js";
import { GuardedDatabase } from "./engine/database.js";
import { namedDatabases } from "./engine/databases.js";
import type { Databases } from "./engine/types.js";
import { ExportStore } from "./results/export-store.js";
import { createGate } from "./sql/gate.js";
import { parseMask } from "./sql/masks.js";

/** What every handler shares. */
export interface Services extends OpenServices {
  readonly databases: Databases;
  readonly exports: ExportStore;
  /** Rows of a page unless a call says otherwise. */
  readonly maxRows: number;
}

/** Nothing is connected to before the first call. @throws ConfigError for settings that cannot work */
export function openServices(
  config: Config,
  { log, keepSecret }: { log: Logger; keepSecret: (secret: string) => void },
): Services {
  const masks = config.mask.map(parseMask);
  const gate = createGate({ allowFunctions: config.allowFunctions, masks });
  const guards = { gate, hidesDetails: masks.length > 0 };
  const waitMs = config.poolWait * 1000;
  const servers = connectionSettings(config, process.env, keepSecret).map(
    (settings) =>
      new GuardedDatabase({ ...settings, ...guards, source: serverSource(settings, { poolWaitMs: waitMs, log }) }),
  );
  const databases = namedDatabases(servers.length > 0 ? servers : [embedded()]);
  const exports = new ExportStore(config.maxExport);
  return {
    databases,
    exports,
    maxRows: config.maxRows,
    async close() {
      await Promise.all([...databases.all.map((database) => database.close()), exports.close()]);
    },
  };

  function embedded() {
    const source = embeddedSource({ dataDir: config.dataDir, demo: config.demo, waitMs, log });
    return new GuardedDatabase({ name: "embedded", ...guards, source });
  }
}
