import type { Client } from "pg";
import { Exchange, run, type WireConnection } from "./wire.js";

/** Runs statements of ours, divided by semicolons, that give nothing back. */
export function runCommand(client: Client, sql: string): Promise<void> {
  return new Promise((resolve, reject) => {
    run(client, new Command(sql, resolve, reject));
  });
}

class Command extends Exchange {
  constructor(
    private readonly sql: string,
    readonly handleReadyForQuery: () => void,
    readonly handleError: (error: Error) => void,
  ) {
    super();
  }

  send(connection: WireConnection): void {
    connection.query(this.sql);
  }
}
