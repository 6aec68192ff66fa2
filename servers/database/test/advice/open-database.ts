import type { Logger } from "@mcp-reference/runtime";
import { config } from "../../src/config.js";
import type { ReadSession } from "../../src/engine/types.js";
import { openServices, type Services } from "../../src/services.js";

export interface OpenDatabase {
  read<T>(work: (session: ReadSession) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** The real engine over one database. */
export function openDatabase(settings: Parameters<typeof config.parse>[0]): OpenDatabase {
  const services: Services = openServices(config.parse(settings), { log, keepSecret: () => {} });
  return {
    read: (work) => services.databases.get().read(work, { signal: AbortSignal.timeout(60_000) }),
    async close() {
      await services.close?.();
    },
  };
}

const nothing = () => {};
const log: Logger = {
  trace: nothing,
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  fatal: nothing,
  child: () => log,
};
