import type { ObjectId } from "../object-id.js";
import { damaged, tooLarge } from "./damaged.js";
import type { TreeEntry } from "./types.js";

const SPACE = 0x20;
const ZERO = 0x30;
const ID_BYTES = 20;

/** Bytes: a hundred thousand names and more, each of which takes four times that in memory. */
const LARGEST = 2 ** 24;

/**
 * Entries of a tree, as they stand there. Their names may be hostile: ask `treeNameProblem` before making files of them.
 * @throws ToolError UPSTREAM for a tree that is cut off or malformed, TOO_LARGE
 */
export function parseTree(oid: ObjectId, body: Buffer): readonly TreeEntry[] {
  if (body.length > LARGEST) throw tooLarge(body.length, LARGEST);
  const entries: TreeEntry[] = [];
  for (let at = 0; at < body.length; ) {
    let mode = 0;
    const start = at;
    for (let digit = body[at] ?? SPACE; digit !== SPACE; digit = body[at] ?? SPACE) {
      if (digit < ZERO || digit > ZERO + 7 || at - start >= 7) throw damaged(`tree ${oid}`);
      mode = mode * 8 + digit - ZERO;
      at++;
    }
    const nameEnd = body.indexOf(0, at);
    const end = nameEnd + 1 + ID_BYTES;
    if (at === start || nameEnd <= at + 1 || end > body.length) throw damaged(`tree ${oid}`);
    entries.push({
      mode: canonicalMode(mode),
      name: body.toString("latin1", at + 1, nameEnd),
      oid: body.toString("hex", nameEnd + 1, end),
    });
    at = end;
  }
  return entries;
}

/** Of a file's permissions only "may its owner run it" counts; old trees have others. */
function canonicalMode(mode: number): number {
  const kind = mode & 0o170000;
  if (kind === 0o100000) return mode & 0o100 ? 0o100755 : 0o100644;
  return kind === 0o040000 || kind === 0o120000 ? kind : 0o160000;
}
