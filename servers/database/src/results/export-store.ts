import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { errnoOf } from "@mcp-reference/security";
import { ToolError } from "@mcp-reference/validation";
import { shuttingDown } from "../engine/shutting-down.js";
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
  /** All that are open, also while they are written. */
  readonly #files = new Set<ExportFile>();
  /** Mode 0700. */
  #folder: Promise<string> | undefined;
  #closed = false;

  /** @param maxBytes of one export */
  constructor(private readonly maxBytes: number) {}

  /**
   * Writes an export; nothing is left of one that fails.
   * @param partBytes of what one read gives
   * @throws ToolError UNAVAILABLE where no file can be made; what `write` throws
   */
  async create(
    { owner, format, partBytes }: { owner: string; format: ExportFormat; partBytes: number },
    write: (file: ExportFile) => Promise<void>,
  ): Promise<Export> {
    if (this.#closed) throw shuttingDown();
    const id = randomUUID();
    const path = join(await this.#openFolder(), `${id}.${format}`);
    const file = await ExportFile.create(path, { maxBytes: this.maxBytes, partBytes });
    this.#files.add(file);
    try {
      await write(file);
      if (this.#closed) throw shuttingDown();
    } catch (error) {
      await this.#discard(file);
      throw this.#closed ? shuttingDown() : error;
    }
    const made = { id, owner, format, file };
    this.#exports.set(id, made);
    const [oldest] = this.#exports.values();
    if (this.#exports.size > MOST_EXPORTS && oldest) {
      this.#exports.delete(oldest.id);
      await this.#discard(oldest.file);
    }
    return made;
  }

  /** @throws ToolError NOT_FOUND, also for another caller's */
  get(id: string, owner: string): Export {
    const found = this.#exports.get(id);
    if (found?.owner === owner) return found;
    throw new ToolError(
      "NOT_FOUND",
      `there is no such export: the latest ${MOST_EXPORTS} are kept until the server ends`,
      {
        hint: "Export again",
      },
    );
  }

  /** The exports of a caller, oldest first. */
  of(owner: string): Export[] {
    return [...this.#exports.values()].filter((made) => made.owner === owner);
  }

  /** Deletes every file, those being written too. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#files].map((file) => file.close()));
    const folder = await this.#folder?.catch(() => undefined);
    if (folder) await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }

  #openFolder(): Promise<string> {
    this.#folder ??= mkdtemp(join(tmpdir(), "mcp-server-database-")).catch((cause) => {
      this.#folder = undefined; // the next export may have more luck
      throw notWritable(cause);
    });
    return this.#folder;
  }

  async #discard(file: ExportFile): Promise<void> {
    this.#files.delete(file);
    await file.close();
    await rm(file.path, { force: true });
  }
}

const notWritable = (cause: unknown) =>
  new ToolError("UNAVAILABLE", `no export can be written to ${tmpdir()} (${errnoOf(cause) ?? String(cause)})`, {
    hint: "Start the server with TMPDIR set to a folder it may write to",
    cause,
  });
