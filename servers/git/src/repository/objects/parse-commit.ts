import { isObjectId, type ObjectId } from "../object-id.js";
import { damaged } from "./damaged.js";
import { type HeaderLine, parseHeaders } from "./header-lines.js";
import { NOBODY, parseSignature } from "./signature.js";
import type { Commit, Signature } from "./types.js";

/** More are no merge that anybody made. */
const MOST_PARENTS = 10_000;

/** @throws ToolError UPSTREAM for one without a tree */
export function parseCommit(oid: ObjectId, body: Buffer): Commit {
  const text = body.toString("latin1");
  const tree = text.slice(5, 45);
  if (!text.startsWith("tree ") || !isObjectId(tree) || text[45] !== "\n") throw damaged(`commit ${oid} has no tree`);
  const parents: ObjectId[] = [];
  let at = 46;
  for (; text.startsWith("parent ", at); at += 48) {
    const parent = text.slice(at + 7, at + 47);
    if (!isObjectId(parent) || text[at + 47] !== "\n" || parents.length >= MOST_PARENTS) throw damaged(`commit ${oid}`);
    parents.push(parent);
  }
  const { headers, messageAt } = parseHeaders(text, at);
  return {
    oid,
    tree,
    parents,
    author: signatureOf(headers, "author"),
    committer: signatureOf(headers, "committer"),
    encoding: headers.find(({ name }) => name === "encoding")?.value,
    message: text.slice(messageAt),
    headers: headers.filter(({ name }) => name !== "author" && name !== "committer" && name !== "encoding"),
  };
}

function signatureOf(headers: readonly HeaderLine[], wanted: string): Signature {
  const header = headers.find(({ name }) => name === wanted);
  return header ? parseSignature(header.value) : NOBODY;
}
