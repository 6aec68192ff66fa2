import type { FileHandle } from "node:fs/promises";
import type { TextFormat } from "./text-format.js";

const BLOCK_BYTES = 1024 * 1024;
const NEWLINE = 0x0a;
const NEWLINE_UTF16BE = 0x0a00;

/** A run of whole lines: where it ends (or begins, going backward), and how many they are. */
export interface Run {
  readonly position: number;
  readonly lines: number;
}

/** How far a scan goes: whichever is reached first. */
export interface Reach {
  readonly lines: number;
  readonly bytes: number;
  /** Bytes that every line costs besides its own, such as a line number. */
  readonly lineCost?: number | undefined;
}

/** Finds lines in an open file in constant memory, block by block. Positions are byte offsets. */
export class LineScanner {
  #block: Buffer | undefined;

  constructor(
    private readonly handle: FileHandle,
    private readonly format: TextFormat,
    /** Bytes of the file when it was opened; what is appended later is left alone. */
    readonly size: number,
    private readonly signal: AbortSignal,
  ) {}

  /** Whole lines from `start` on; a last line without a newline is not one. */
  async forward(start: number, reach: Reach): Promise<Run> {
    const { unit } = this.format;
    const stop = Math.min(this.size, start + reach.bytes);
    let run: Run = { position: start, lines: 0 };
    for (let at = start; at < stop && run.lines < reach.lines; ) {
      const units = await this.#read(at, Math.min(BLOCK_BYTES, stop - at));
      if (units.length === 0) break;
      for (let index = this.#next(units, 0); index !== -1; index = this.#next(units, index + 1)) {
        const next = { position: at + (index + 1) * unit, lines: run.lines + 1 };
        if (!fits(next.position - start, next.lines, reach)) return run;
        run = next;
        if (run.lines === reach.lines) return run;
      }
      at += units.byteLength;
    }
    return run;
  }

  /**
   * Lines that end at the end of the file, the last one with or without a newline. The run may fall short of
   * the first line: its position is then the start of the second.
   */
  async backward(floor: number, reach: Reach): Promise<Run> {
    const { unit } = this.format;
    const last = this.size - (this.size % unit); // half a character at the end must not shift all others
    const furthest = Math.max(floor, this.size - reach.bytes);
    const stop = furthest + ((last - furthest) % unit);
    let run: Run = { position: this.size, lines: 0 };
    for (let end = last; end > stop; ) {
      const at = Math.max(stop, end - BLOCK_BYTES);
      const units = await this.#read(at, end - at);
      if (units.length === 0) break;
      for (let index = this.#previous(units, units.length - 1); index >= 0; index = this.#previous(units, index - 1)) {
        const position = at + (index + 1) * unit;
        if (position >= last) continue; // ends the last line
        const next = { position, lines: run.lines + 1 };
        if (!fits(this.size - position, next.lines, reach)) return run;
        run = next;
        if (run.lines === reach.lines) return run;
      }
      end = at;
    }
    return run;
  }

  async #read(at: number, length: number): Promise<Buffer | Uint16Array> {
    this.signal.throwIfAborted();
    this.#block ??= Buffer.allocUnsafeSlow(Math.min(BLOCK_BYTES, this.size));
    const { bytesRead } = await this.handle.read(this.#block, 0, length, at);
    if (this.format.unit === 1) return this.#block.subarray(0, bytesRead);
    return new Uint16Array(this.#block.buffer, 0, bytesRead >> 1);
  }

  #next(units: Buffer | Uint16Array, from: number): number {
    return units.indexOf(this.#newline, from);
  }

  #previous(units: Buffer | Uint16Array, from: number): number {
    // A negative index would count from the end.
    return from < 0 ? -1 : units.lastIndexOf(this.#newline, from);
  }

  get #newline(): number {
    return this.format.label === "utf-16be" ? NEWLINE_UTF16BE : NEWLINE;
  }
}

const fits = (bytes: number, lines: number, { bytes: most, lineCost = 0 }: Reach) => bytes + lines * lineCost <= most;
