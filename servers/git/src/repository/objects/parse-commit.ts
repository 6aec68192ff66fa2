import { isObjectId, type ObjectId } from "../object-id.js";
import { damaged } from "./damaged.js";
import { type HeaderLine, parseHeaders } from "./header-lines.js";
import { NOBODY, parseSignature } from "./signature.js";
import type { Commit, Signature } from "./types.js";

/** More are no merge that anybody made. */
const MOST_PARENTS = 10_000;
const TREE = Buffer.from("tree ");
const PARENT = Buffer.from("parent ");
const AUTHOR = Buffer.from("author ");
const LINE_FEED = 0x0a;
const SPACE = 0x20;

/** What a walk through history needs of a commit. */
export interface CommitLinks extends Pick<Commit, "tree" | "parents"> {
  /** Committer's, in seconds since 1970. */
  readonly date: number;
}

/** @throws ToolError UPSTREAM for one without a tree */
export function parseCommit(oid: ObjectId, body: Buffer): Commit {
  const { tree, parents, end } = parseLinks(oid, body);
  const text = body.toString("latin1", end);
  const { headers, messageAt } = parseHeaders(text, 0);
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

/** As {@link parseCommit}, of commits that are passed by the ten thousand: all but these few values is left unread. */
export function parseCommitLinks(oid: ObjectId, body: Buffer): CommitLinks {
  const { tree, parents, end } = parseLinks(oid, body);
  const authorEnd = body.indexOf("\n", end);
  const committerEnd = body.indexOf("\n", authorEnd + 1);
  const committer = body.toString("latin1", authorEnd + 1, committerEnd);
  // As every git writes it: the author in one line, the committer in the next.
  const isPlain =
    startsWith(body, AUTHOR, end) && committer.startsWith("committer ") && body[committerEnd + 1] !== SPACE;
  const { seconds } = isPlain ? parseSignature(committer.slice("committer ".length)) : parseCommit(oid, body).committer;
  return { tree, parents, date: seconds };
}

/** @returns also where the headers behind the parents begin */
function parseLinks(oid: ObjectId, body: Buffer): { tree: ObjectId; parents: ObjectId[]; end: number } {
  // Each id is a string of its own: a slice of the body's text would keep that in memory.
  const tree = body.toString("latin1", 5, 45);
  if (!startsWith(body, TREE, 0) || !isObjectId(tree) || body[45] !== LINE_FEED) {
    throw damaged(`commit ${oid} has no tree`);
  }
  const parents: ObjectId[] = [];
  let end = 46;
  for (; startsWith(body, PARENT, end); end += 48) {
    const parent = body.toString("latin1", end + 7, end + 47);
    if (!isObjectId(parent) || body[end + 47] !== LINE_FEED || parents.length >= MOST_PARENTS) {
      throw damaged(`commit ${oid}`);
    }
    parents.push(parent);
  }
  return { tree, parents, end };
}

function startsWith(body: Buffer, word: Buffer, at: number): boolean {
  for (let nth = 0; nth < word.length; nth++) if (body[at + nth] !== word[nth]) return false;
  return true;
}

function signatureOf(headers: readonly HeaderLine[], wanted: string): Signature {
  const header = headers.find(({ name }) => name === wanted);
  return header ? parseSignature(header.value) : NOBODY;
}
