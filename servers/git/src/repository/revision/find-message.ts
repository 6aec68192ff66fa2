import { ToolError } from "@mcp-reference/validation";
import { bytesOf } from "../bytes/byte-string.js";
import { type CommitNode, commitNodes } from "../history/commit-nodes.js";
import { DateQueue } from "../history/date-queue.js";
import type { ObjectId } from "../object-id.js";
import type { Repository } from "../repository.js";
import { peelTo } from "./peel.js";

/** Commits looked at before giving up: the search is not interrupted. */
const MOST_COMMITS = 50_000;

/**
 * The youngest commit with a text in its message, for `:/text` and `^{/text}`; `!-text` finds one without it, `!!` stands for `!`.
 * Unlike in git the text is no regular expression.
 * @param start where to begin; all refs and HEAD unless given
 * @throws ToolError NOT_FOUND, TOO_LARGE
 */
export function findMessage(repo: Repository, text: string, pattern: string, start?: ObjectId): ObjectId {
  const matches = messageTest(text, pattern);
  const nodes = commitNodes(repo);
  const queue = new DateQueue<CommitNode>();
  const seen = new Set<ObjectId>();
  const add = (oid: ObjectId) => {
    if (seen.has(oid)) return;
    seen.add(oid);
    queue.push(nodes.get(oid));
  };
  for (const oid of start === undefined ? everyTip(repo) : [start]) add(oid);
  for (let node = queue.pop(); node !== undefined; node = queue.pop()) {
    if (matches(nodes.commit(node.oid).message)) return node.oid;
    if (seen.size > MOST_COMMITS)
      throw new ToolError("TOO_LARGE", `"${text}" was not found in ${MOST_COMMITS} commits`);
    for (const parent of node.parents) add(parent);
  }
  throw new ToolError("NOT_FOUND", `No commit has the text of "${text}" in its message`);
}

function messageTest(text: string, pattern: string): (message: string) => boolean {
  const negative = pattern.startsWith("!-");
  const literal = pattern.startsWith("!!") ? pattern.slice(1) : pattern.replace(/^!-/, "");
  if (pattern.startsWith("!") && !negative && !pattern.startsWith("!!")) {
    throw new ToolError("INVALID_ARGUMENT", `"${text}" begins its text with "!"`, { hint: 'Write "!!" for "!"' });
  }
  const wanted = bytesOf(literal);
  return (message) => message.includes(wanted) !== negative;
}

function everyTip(repo: Repository): ObjectId[] {
  const head = repo.refs.resolve("HEAD");
  const tips = repo.refs.list().map(({ oid }) => oid);
  return [...tips, ...(head === undefined ? [] : [head])].flatMap((oid) => {
    return repo.objects.has(oid) ? (peelTo(repo.objects, oid, "commit") ?? []) : [];
  });
}
