import type { Client } from "pg";
import { toText } from "./parameters.js";
import { parseValue } from "./parse-value.js";
import type { Row } from "./types.js";
import { Exchange, type Field, run, type WireConnection } from "./wire.js";

/** Runs a query of ours and gives its rows as objects; for the values see `Reader.rows`. */
export function runQuery<T extends object>(client: Client, sql: string, params: readonly unknown[]): Promise<T[]> {
  return new Promise((resolve, reject) => {
    run(client, new CatalogQuery(sql, params, (rows) => resolve(rows as T[]), reject));
  });
}

class CatalogQuery extends Exchange {
  #fields: readonly Field[] = [];
  readonly #rows: object[] = [];

  constructor(
    private readonly sql: string,
    private readonly params: readonly unknown[],
    private readonly resolve: (rows: object[]) => void,
    readonly handleError: (error: Error) => void,
  ) {
    super();
  }

  send(connection: WireConnection): void {
    const values = this.params.map((value) => toText(value));
    connection.parse({ text: this.sql });
    connection.bind({ portal: "", values });
    connection.describe({ type: "P", name: "" });
    connection.execute({ portal: "", rows: 0 });
    connection.sync();
  }

  override handleRowDescription({ fields }: { fields: Field[] }): void {
    this.#fields = fields;
  }

  override handleDataRow({ fields: cells }: { fields: Row }): void {
    const entries = this.#fields.map(({ name, dataTypeID }, index) => [
      name,
      parseValue(cells[index] ?? null, dataTypeID),
    ]);
    this.#rows.push(Object.fromEntries(entries));
  }

  handleReadyForQuery(): void {
    this.resolve(this.#rows);
  }
}
