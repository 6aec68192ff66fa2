import { type FileHandle, open } from "node:fs/promises";
import { fromErrno } from "@mcp-reference/security";
import { ToolError } from "@mcp-reference/validation";

/** A text file of lines that is written once and read in parts, which end where lines end. */
export class ExportFile {
  /** Byte at which each part starts. */
  readonly #parts = [0];
  #bytes = 0;

  private constructor(
    readonly path: string,
    private readonly file: FileHandle,
    private readonly limits: ExportLimits,
  ) {}

  /** @throws ToolError as the file system says */
  static async create(path: string, limits: ExportLimits): Promise<ExportFile> {
    const file = await open(path, "wx+", 0o600).catch((error: unknown) => {
      throw fromErrno(error, path);
    });
    return new ExportFile(path, file, limits);
  }

  get bytes(): number {
    return this.#bytes;
  }

  get parts(): number {
    return this.#parts.length;
  }

  /** @throws ToolError TOO_LARGE, or what the file system says */
  async write(lines: readonly string[]): Promise<void> {
    for (const line of lines) {
      const size = Buffer.byteLength(line) + 1;
      const start = this.#parts.at(-1) ?? 0;
      if (this.#bytes > start && this.#bytes + size - start > this.limits.partBytes) this.#parts.push(this.#bytes);
      this.#bytes += size;
    }
    if (this.#bytes > this.limits.maxBytes) {
      throw new ToolError("TOO_LARGE", `the export has more than ${this.limits.maxBytes} bytes`, {
        hint: "Export less, or raise --max-export",
      });
    }
    await this.file.appendFile(lines.map((line) => `${line}\n`).join("")).catch((error: unknown) => {
      throw fromErrno(error, this.path);
    });
  }

  /** @param part from 1; undefined for all of it @throws ToolError NOT_FOUND for a part there is not */
  async read(part?: number): Promise<string> {
    const start = part === undefined ? 0 : this.#parts[part - 1];
    if (start === undefined) {
      throw new ToolError("NOT_FOUND", `the export has ${this.parts} parts`, { hint: `Read 1 to ${this.parts}` });
    }
    const end = part === undefined ? this.#bytes : (this.#parts[part] ?? this.#bytes);
    const { buffer } = await this.file.read({ buffer: Buffer.alloc(end - start), position: start });
    return buffer.toString("utf8");
  }

  close(): Promise<void> {
    return this.file.close();
  }
}

export interface ExportLimits {
  /** Bytes of the whole file. */
  maxBytes: number;
  /** Bytes of a part; a longer line is a part of its own. */
  partBytes: number;
}
