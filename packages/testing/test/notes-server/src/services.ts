import { EventEmitter } from "node:events";
import { ToolError } from "@mcp-reference/validation";

/** Notes in memory. */
export class Notes extends EventEmitter<{ changed: [name: string] }> {
  readonly #bodies: Map<string, string>;

  constructor(names: readonly string[]) {
    super();
    this.#bodies = new Map(names.map((name) => [name, `The note ${name}.\n`]));
  }

  names(): string[] {
    return [...this.#bodies.keys()].sort();
  }

  read(name: string): string {
    const body = this.#bodies.get(name);
    if (body === undefined) {
      throw new ToolError("NOT_FOUND", `there is no note ${JSON.stringify(name)}`, {
        hint: "List the notes with list_notes",
      });
    }
    return body;
  }

  write(name: string, body: string): void {
    this.#bodies.set(name, body);
    this.emit("changed", name);
  }

  delete(name: string): void {
    this.read(name);
    this.#bodies.delete(name);
    this.emit("changed", name);
  }
}

export interface Services {
  notes: Notes;
}
