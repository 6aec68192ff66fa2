import type { Client } from "pg";
import { Exchange, type Field, run, type WireConnection } from "./wire.js";

/** What PostgreSQL makes of a statement before it runs. */
export interface Description {
  fields: readonly Field[];
  /** Type OIDs of `$1`, `$2`, … */
  parameters: readonly number[];
}

/** Parses a statement as the unnamed one of the connection, where it stays until the next is parsed, and describes it. */
export function describeStatement(client: Client, text: string): Promise<Description> {
  return new Promise((resolve, reject) => {
    run(client, new DescribeExchange(text, resolve, reject));
  });
}

class DescribeExchange extends Exchange {
  #fields: readonly Field[] = [];
  #parameters: readonly number[] = [];
  #connection: WireConnection | undefined;

  constructor(
    private readonly text: string,
    private readonly resolve: (description: Description) => void,
    private readonly reject: (error: Error) => void,
  ) {
    super();
  }

  send(connection: WireConnection): void {
    this.#connection = connection;
    connection.on("parameterDescription", this.#takeParameters); // pg itself drops this message
    connection.parse({ text: this.text });
    connection.describe({ type: "S", name: "" });
    connection.sync();
  }

  readonly #takeParameters = ({ dataTypeIDs }: { dataTypeIDs: number[] }) => {
    this.#parameters = dataTypeIDs;
  };

  override handleRowDescription({ fields }: { fields: Field[] }): void {
    this.#fields = fields;
  }

  handleReadyForQuery(): void {
    this.#stopListening();
    this.resolve({ fields: this.#fields, parameters: this.#parameters });
  }

  handleError(error: Error): void {
    this.#stopListening();
    this.reject(error);
  }

  #stopListening(): void {
    this.#connection?.off("parameterDescription", this.#takeParameters);
  }
}
