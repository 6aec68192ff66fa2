import type { Cell, Column, Row } from "../engine/types.js";

const NUMBERS = /^(smallint|integer|bigint|oid|real|double precision|numeric(\(.*\))?)$/;

/**
 * Lines of JSON objects. Numbers, booleans and JSON stay what they are, digit for digit; everything else is a string.
 * A name that a result has twice gets a number: `id`, `id_2`.
 */
export function ndjsonLine(columns: readonly Column[]): (row: Row) => string {
  const names = distinct(columns.map(({ name }) => name)).map((name) => JSON.stringify(name));
  const values = columns.map(({ type }) => jsonOf(type));
  return (row) => `{${row.map((cell, index) => `${names[index]}:${values[index]?.(cell) ?? "null"}`).join(",")}}`;
}

function jsonOf(type: string): (cell: Cell) => string {
  if (NUMBERS.test(type)) return (cell) => (cell === null ? "null" : number(cell));
  if (type === "boolean") return (cell) => (cell === null ? "null" : String(cell === "t"));
  if (type === "json" || type === "jsonb") return (cell) => (cell === null ? "null" : cell.replace(/[\n\r]/g, " "));
  return (cell) => JSON.stringify(cell);
}

/** NaN and Infinity are no JSON numbers. */
const number = (text: string) => (/^-?\d/.test(text) ? text : JSON.stringify(text));

function distinct(names: readonly string[]): string[] {
  const taken = new Set(names);
  const seen = new Set<string>();
  return names.map((name) => {
    let free = name;
    for (let count = 2; seen.has(free) || (free !== name && taken.has(free)); count++) free = `${name}_${count}`;
    seen.add(free);
    return free;
  });
}
