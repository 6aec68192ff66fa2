import type { Cell } from "./types.js";

type Parse = (text: string) => unknown;

const BOOL = 16;
const NUMBERS = [20, 21, 23, 26, 700, 701, 1700]; // int8, int2, int4, oid, float4, float8, numeric
export const JSON_TYPES: readonly number[] = [114, 3802];
const TEXT_ARRAYS = [1003, 1009, 1015]; // name[], text[], varchar[]
const NUMBER_ARRAYS = [1005, 1007, 1016, 1028]; // int2[], int4[], int8[], oid[]

const parsers = new Map<number, Parse>([
  [BOOL, (text) => text === "t"],
  ...NUMBERS.map((oid): [number, Parse] => [oid, Number]),
  ...JSON_TYPES.map((oid): [number, Parse] => [oid, JSON.parse]),
  ...TEXT_ARRAYS.map((oid): [number, Parse] => [oid, parseArray]),
  ...NUMBER_ARRAYS.map((oid): [number, Parse] => [oid, (text) => parseArray(text).map(Number)]),
]);

/** A value of a query of ours as `Reader.rows` promises it. @param oid of its type */
export function parseValue(cell: Cell, oid: number): unknown {
  if (cell === null) return null;
  const parse = parsers.get(oid);
  return parse ? parse(cell) : cell;
}

/** The elements of a one-dimensional array literal: `{a,"b,c",NULL}`. */
function parseArray(literal: string): (string | null)[] {
  const elements = literal.slice(1, -1).matchAll(/"((?:[^"\\]|\\.)*)"|([^,]+)/gs);
  return Array.from(elements, ([, quoted, plain]) => {
    if (quoted !== undefined) return quoted.replace(/\\(.)/gs, "$1");
    return plain === undefined || plain === "NULL" ? null : plain;
  });
}
