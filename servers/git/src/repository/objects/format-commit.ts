import { formatHeader } from "./header-lines.js";
import { formatSignature } from "./signature.js";
import type { Commit } from "./types.js";

/** A commit without its id, which comes of what it says. */
export type CommitFields = Omit<Commit, "oid">;

/** Body of a commit object; the other headers stand behind `encoding`, as git puts them. */
export function formatCommit({ tree, parents, author, committer, encoding, headers, message }: CommitFields): Buffer {
  const lines = [
    formatHeader("tree", tree),
    ...parents.map((parent) => formatHeader("parent", parent)),
    formatHeader("author", formatSignature(author)),
    formatHeader("committer", formatSignature(committer)),
    ...(encoding === undefined ? [] : [formatHeader("encoding", encoding)]),
    ...headers.map(({ name, value }) => formatHeader(name, value)),
  ];
  return Buffer.from(`${lines.join("")}\n${message}`, "latin1");
}
