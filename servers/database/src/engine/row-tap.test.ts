import { PassThrough } from "node:stream";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { RowTap } from "./row-tap.js";
import type { Row } from "./types.js";

const message = (kind: string, body: Buffer) => {
  const head = Buffer.alloc(5);
  head.write(kind);
  head.writeInt32BE(4 + body.length, 1);
  return Buffer.concat([head, body]);
};
const int16 = (value: number) => Buffer.from([value >> 8, value & 0xff]);
const int32 = (value: number) => Buffer.from([value >> 24, value >> 16, value >> 8, value]);

function dataRow(row: Row): Buffer {
  const cells = row.flatMap((cell) => {
    if (cell === null) return [int32(-1)];
    const bytes = Buffer.from(cell);
    return [int32(bytes.length), bytes];
  });
  return message("D", Buffer.concat([int16(row.length), ...cells]));
}

const bound = message("2", Buffer.alloc(0));
const notice = message("N", Buffer.from("SNOTICE\0D\0\0"));
const complete = message("C", Buffer.from("SELECT 3\0"));

/** What a tap and pg get of `bytes` that arrive in chunks cut at `cuts`. */
function read(bytes: Buffer, cuts: readonly number[] = []) {
  const stream = new PassThrough();
  const rows: Row[] = [];
  const passed: Buffer[] = [];
  stream.on("data", (chunk: Buffer) => passed.push(Buffer.from(chunk)));
  const tap = new RowTap(stream, (row) => rows.push(row));
  const ends = [...new Set(cuts)].sort((a, b) => a - b).filter((cut) => cut < bytes.length);
  for (const [index, start] of [0, ...ends].entries()) {
    stream.emit("data", bytes.subarray(start, ends[index] ?? bytes.length));
  }
  return { rows, passed: Buffer.concat(passed), stream, tap };
}

const cell = fc.option(
  fc.oneof(
    fc.string({ unit: "binary" }).filter((text) => text.isWellFormed()),
    fc.nat(300).map((length) => "x".repeat(length)),
    fc.nat(150).map((length) => "é".repeat(length)),
  ),
);

describe("RowTap", () => {
  it("reads every row and leaves the rest to pg, wherever chunks end", () => {
    const rows = fc.array(fc.array(cell, { maxLength: 12 }), { maxLength: 12 });
    fc.assert(
      fc.property(rows, fc.array(fc.nat(3000)), (given, cuts) => {
        const messages = given.flatMap((row, index) => [dataRow(row), ...(index % 3 === 1 ? [notice] : [])]);
        const result = read(Buffer.concat([bound, ...messages, complete]), cuts);
        expect(result.rows).toEqual(given);
        const notices = given.flatMap((_, index) => (index % 3 === 1 ? [notice] : []));
        expect(result.passed).toEqual(Buffer.concat([bound, ...notices, complete]));
      }),
    );
  });

  it("reads rows that come byte by byte", () => {
    const given = [["a", null], ["ü€🎉", "x".repeat(200)], []];
    const bytes = Buffer.concat([bound, ...given.map(dataRow), complete]);
    const { rows, passed } = read(bytes, Array.from(bytes.keys()).slice(1));
    expect(rows).toEqual(given);
    expect(passed).toEqual(Buffer.concat([bound, complete]));
  });

  it("leaves everything to pg once it is closed, also what came in the same chunk", () => {
    const stream = new PassThrough();
    const rows: Row[] = [];
    const passed: Buffer[] = [];
    stream.on("data", (chunk: Buffer) => {
      passed.push(Buffer.from(chunk));
      if (chunk[0] === complete[0]) tap.close();
    });
    const tap = new RowTap(stream, (row) => rows.push(row));
    stream.emit("data", Buffer.concat([dataRow(["ours"]), complete, dataRow(["pg's"]), bound.subarray(0, 3)]));
    stream.emit("data", bound.subarray(3));
    expect(rows).toEqual([["ours"]]);
    expect(Buffer.concat(passed)).toEqual(Buffer.concat([complete, dataRow(["pg's"]), bound]));
  });

  it.each([
    ["length", Buffer.from([0x44, 0, 0, 0, 2, 0, 0])],
    ["cell", message("D", Buffer.concat([int16(1), int32(1_000_000)]))],
  ])("ends a connection over which a wrong %s arrives", (_, bytes) => {
    const { stream } = read(bytes);
    stream.on("error", () => {});
    expect(stream.destroyed).toBe(true);
  });
});
