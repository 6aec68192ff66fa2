import { closeSync, readSync } from "node:fs";
import { ToolError } from "@mcp-reference/validation";
import type { ConfinedFiles } from "../confined/confined-files.js";

/** Where an index of packs, version 2, has its number of objects: at the end of the fan-out table. */
const COUNT_AT = 8 + 255 * 4;

/** Objects in the packs of one directory, as their indexes tell. */
export function packedObjectCount(objects: ConfinedFiles): number {
  const names = packIndexNames(objects);
  return names.reduce((sum, name) => sum + countIn(objects, `pack/${name}`), 0);
}

function packIndexNames(objects: ConfinedFiles): string[] {
  try {
    const held = objects.directory("pack");
    try {
      return held
        .entries()
        .flatMap(({ name }) => (/\.idx$/.test(name.toString("latin1")) ? name.toString("latin1") : []));
    } finally {
      held.close();
    }
  } catch (error) {
    if (error instanceof ToolError && error.code === "NOT_FOUND") return [];
    throw error;
  }
}

function countIn(objects: ConfinedFiles, path: string): number {
  const fd = objects.open(path);
  if (fd === undefined) return 0;
  try {
    const count = Buffer.alloc(4);
    return readSync(fd, count, 0, 4, COUNT_AT) === 4 ? count.readUInt32BE() : 0;
  } finally {
    closeSync(fd);
  }
}
