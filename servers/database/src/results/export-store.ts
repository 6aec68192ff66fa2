import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ToolError } from "@mcp-reference/validation";
import { ExportFile } from "./export-file.js";

export type ExportFormat = "csv" | "ndjson";

export const mimeTypeOf: Record<ExportFormat, string> = { csv: "text/csv", ndjson: "application/x-ndjson" };

export interface Export {
  readonly id: string;
  readonly owner: string;
  readonly format: ExportFormat;
  readonly file: ExportFile;
}

/** Exports kept at once; the oldest makes way. */
const MOST_EXPORTS = 20;

/** Files of exported results, in a private folder that ends with the process. Each can be read by who made it. */
export class ExportStore {
  readonly #exports = new Map<string, Export>();
  #folder: Promise<string> | undefined;

  /** @param maxBytes of one export */
  constructor(private readonly maxBytes: number) {}

  /** Writes an export; nothing is left of one that fails. @param partBytes of what one read gives */
  async create(
    { owner, format, partBytes }: { owner: string; format: ExportFormat; partBytes: number },
    write: (file: ExportFile) => Promise<void>,
  ): Promise<Export> {
    this.#folder ??= mkdtemp(join(tmpdir(), "mcp-server-database-")); // mode 0700
    const id = randomUUID();
    const file = await ExportFile.create(join(await this.#folder, `${id}.${format}`), {
      maxBytes: this.maxBytes,
      partBytes,
    });
    const made = { id, owner, format, file };
    try {
      await write(file);
    } catch (error) {
      await discard(made);
      throw error;
    }
    this.#exports.set(id, made);
    const [oldest] = this.#exports.values();
    if (this.#exports.size > MOST_EXPORTS && oldest) await this.#drop(oldest);
    return made;
  }

  /** @throws ToolError NOT_FOUND, also for another caller's */
  get(id: string, owner: string): Export {
    const found = this.#exports.get(id);
    if (found?.owner === owner) return found;
    throw new ToolError("NOT_FOUND", "there is no such export: they end with the server", { hint: "Export again" });
  }

  /** The exports of a caller, oldest first. */
  of(owner: string): Export[] {
    return [...this.#exports.values()].filter((made) => made.owner === owner);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#exports.values()].map((made) => made.file.close()));
    if (this.#folder) await rm(await this.#folder, { recursive: true, force: true });
  }

  async #drop(made: Export): Promise<void> {
    this.#exports.delete(made.id);
    await discard(made);
  }
}

async function discard({ file }: Export): Promise<void> {
  await file.close();
  await rm(file.path, { force: true });
}
