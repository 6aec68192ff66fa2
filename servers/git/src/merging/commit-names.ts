import { subjectOf } from "../changes/commit/message.js";
import type { ByteString } from "../repository/bytes/byte-string.js";
import type { Commit } from "../repository/objects/types.js";
import type { Repository } from "../repository/repository.js";
import { abbreviate } from "../repository/revision/abbreviate.js";

/** `1a2b3c4 (Subject)`: what conflict markers call a commit. */
export const markerName = (repo: Repository, commit: Commit): ByteString =>
  `${abbreviate(repo, commit.oid)} (${subjectOf(commit.message)})`;

/** The prepared message of a merge that stopped: git takes the commented list away again. */
export function withConflictList(message: ByteString, paths: Iterable<ByteString>): ByteString {
  const text = message === "" || message.endsWith("\n") ? message : `${message}\n`;
  return `${text}\n# Conflicts:\n${[...new Set(paths)].map((path) => `#\t${path}\n`).join("")}`;
}
