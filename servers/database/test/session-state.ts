import { connect, type TestConnectOptions } from "@mcp-reference/testing";
import definition from "../src/index.js";
import { openServices, type Services } from "../src/services.js";

/** A connection to the server, and to the services behind it. */
export interface Inspected {
  client: Awaited<ReturnType<typeof connect>>;
  services: Services;
  /** What is left of earlier calls in the session that the pool gives out next: of the one session with `--pool-size 1`. */
  session(): Promise<SessionState>;
}

export interface SessionState {
  pid: number;
  /** Name, value and where from, of all settings but those a library brings with it when it is loaded. */
  settings: string[];
  users: string[];
  readOnly: string;
  /** Locks on anything but the catalog. */
  locks: number;
  temporary: number;
  prepared: number;
  cursors: number;
  channels: number;
}

/** The server itself, with its services within reach. */
export async function connectInspected(options: TestConnectOptions): Promise<Inspected> {
  let opened: Services | undefined;
  const open: typeof openServices = (...args) => {
    opened = openServices(...args);
    return opened;
  };
  const client = await connect({ ...definition, open }, options);
  if (!opened) throw new Error("the server has not been opened");
  const services = opened;
  const signal = new AbortController().signal;
  return {
    client,
    services,
    async session() {
      const [state] = await services.databases.get().read((session) => session.rows<SessionState>(STATE), { signal });
      if (!state) throw new Error("no state");
      return state;
    },
  };
}

const STATE = `SELECT pg_backend_pid() AS pid, current_setting('transaction_read_only') AS "readOnly",
  ARRAY[current_user, session_user]::text[] AS users,
  (SELECT array_agg(concat_ws(' ', name, setting, source) ORDER BY name) FROM pg_settings
     WHERE name NOT LIKE 'plpgsql.%') AS settings,
  (SELECT count(*) FROM pg_locks WHERE pid = pg_backend_pid() AND locktype <> 'virtualxid'
     AND (relation IS NULL OR relation >= 16384)) AS locks,
  (SELECT count(*) FROM pg_class WHERE relnamespace = pg_my_temp_schema()) AS temporary,
  (SELECT count(*) FROM pg_prepared_statements) AS prepared,
  (SELECT count(*) FROM pg_cursors WHERE name <> '') AS cursors,
  (SELECT count(*) FROM pg_listening_channels()) AS channels`;
