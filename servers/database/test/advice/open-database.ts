import { config } from "../../src/config.js";
import type { ReadSession } from "../../src/engine/types.js";
import { openServices, type Services } from "../../src/services.js";
import { never, silent } from "../connection/open-source.js";

export interface OpenDatabase {
  read<T>(work: (session: ReadSession) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** The real engine over one database. */
export function openDatabase(settings: Parameters<typeof config.parse>[0]): OpenDatabase {
  const services: Services = openServices(config.parse(settings), { log: silent, keepSecret: () => {} });
  return {
    read: (work) => services.databases.get().read(work, { signal: never }),
    async close() {
      await services.close?.();
    },
  };
}
