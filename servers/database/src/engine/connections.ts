import type { ConnectionSource, Lease } from "./connection-source.js";

/** A source whose last connections are taken from held results before anybody has to wait for one. */
export class Connections {
  #taken = 0;

  constructor(
    private readonly source: ConnectionSource,
    private readonly makeRoom: () => void,
  ) {}

  get kind(): ConnectionSource["kind"] {
    return this.source.kind;
  }

  /** @throws ToolError UNAVAILABLE */
  async acquire(signal: AbortSignal): Promise<Lease> {
    if (this.#taken >= this.source.size) this.makeRoom();
    this.#taken += 1;
    try {
      return this.#counted(await this.source.acquire(signal));
    } catch (error) {
      this.#taken -= 1;
      throw error;
    }
  }

  close(): Promise<void> {
    return this.source.close();
  }

  #counted(lease: Lease): Lease {
    return {
      client: lease.client,
      serverVersion: lease.serverVersion,
      throughPooler: lease.throughPooler,
      interrupt: () => lease.interrupt(),
      release: (use) => {
        this.#taken -= 1;
        lease.release(use);
      },
    };
  }
}
