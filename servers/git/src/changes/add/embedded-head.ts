import { ToolError } from "@mcp-reference/validation";
import { type ByteString, textOf } from "../../repository/bytes/byte-string.js";
import type { ObjectId } from "../../repository/object-id.js";
import { openRepository } from "../../repository/open-repository.js";
import type { Repository } from "../../repository/repository.js";
import { worktreeOf } from "../../repository/worktree/hash-file.js";

/** The commit that a repository inside the worktree has checked out. @throws ToolError UNSUPPORTED where it has none */
export function embeddedHead(repo: Repository, path: ByteString): ObjectId {
  const worktree = worktreeOf(repo);
  const roots = { paths: [textOf(worktree.root), textOf(repo.layout.commonDir.root)] };
  const embedded = openRepository(textOf(worktree.path(path)), roots);
  try {
    const { oid } = embedded.refs.head();
    if (oid !== undefined && embedded.layout.worktree?.root === worktree.path(path)) return oid;
  } finally {
    embedded.close();
  }
  throw new ToolError("UNSUPPORTED", `${textOf(path)} is a repository that has no commit checked out`, {
    hint: "Commit something in it first, or leave it out",
  });
}
