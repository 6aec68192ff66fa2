import { type ByteString, textOf } from "../bytes/byte-string.js";
import type { RefStore } from "../refs/types.js";

/** Refs that are compared with a name that was not found, and how long those may be. */
const MOST_COMPARED = 2000;
const LONGEST = 100;

/** The branch or tag whose name is most like one that does not exist; undefined where none is close. */
export function closestName(refs: RefStore, name: ByteString): string | undefined {
  if (name.length > LONGEST) return undefined;
  let closest: { name: ByteString; distance: number } | undefined;
  for (const { name: full } of refs.list().slice(0, MOST_COMPARED)) {
    const short = full.replace(/^refs\/(heads\/|tags\/|remotes\/)?/, "");
    if (Math.abs(short.length - name.length) > 3) continue;
    const distance = editDistance(short.toLowerCase(), name.toLowerCase());
    if (distance < (closest?.distance ?? Math.min(4, 1 + name.length / 3))) closest = { name: short, distance };
  }
  return closest && textOf(closest.name);
}

/** Characters to insert, delete or replace to make one of the other. */
function editDistance(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const line = [row];
    for (let column = 1; column <= b.length; column++) {
      const replaced = (above[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1);
      line.push(Math.min(replaced, (above[column] ?? 0) + 1, (line[column - 1] ?? 0) + 1));
    }
    above = line;
  }
  return above[b.length] ?? 0;
}
