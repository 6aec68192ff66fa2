import { cleanMessage } from "../../changes/commit/message.js";
import { type ByteString, bytesOf } from "../../repository/bytes/byte-string.js";
import type { Tag } from "../../repository/objects/types.js";
import type { Head } from "../../repository/refs/types.js";
import type { Repository } from "../../repository/repository.js";
import { tagText } from "./merged-tag.js";

/**
 * The message git prepares for a merge.
 * @param name what the caller called the other side
 * @param tag the annotated tag that it is
 */
export function mergeMessage(repo: Repository, head: Head, name: string, tag: Tag | undefined): ByteString {
  const first = `Merge ${described(repo, bytesOf(name), tag)}${destination(repo, head)}\n`;
  return tag === undefined ? first : cleanMessage(`${first}\n${tagText(tag)}`);
}

function described(repo: Repository, name: ByteString, annotated: Tag | undefined): ByteString {
  const has = (ref: ByteString): boolean => repo.refs.list(ref).some((found) => found.name === ref);
  const short = (prefix: string): ByteString => (name.startsWith(prefix) ? name.slice(prefix.length) : name);
  const branch = short("refs/heads/");
  if (has(`refs/heads/${branch}`)) return `branch '${branch}'`;
  const tag = short("refs/tags/");
  if (has(`refs/tags/${tag}`)) return `tag '${tag}'`;
  const remote = short("refs/remotes/");
  if (has(`refs/remotes/${remote}`)) return `remote-tracking branch '${remote}'`;
  // `name~2` and `name^` are on a branch, if not at its end.
  const [, start = "", back = ""] = /^(.+?)(\^+|~\d*)$/.exec(name) ?? [];
  if (annotated) return `tag '${name}'`;
  if (start === "" || !has(`refs/heads/${start}`)) return `commit '${name}'`;
  return `branch '${start}'${/^~0+$/.test(back) ? "" : " (early part)"}`;
}

/** ` into branch`, left out for branches that `merge.suppressDest` names: `main` and `master` unless it is set. */
function destination({ config }: Repository, head: Head): ByteString {
  const name = head.kind === "branch" ? head.ref.replace(/^refs\/heads\//, "") : "HEAD";
  const configured = config.all("merge.suppressdest");
  // An empty value forgets those before it.
  const patterns = configured.length === 0 ? ["main", "master"] : configured.slice(configured.lastIndexOf("") + 1);
  return patterns.some((pattern) => matches(pattern, name)) ? "" : ` into ${name}`;
}

/** Only `*` is special here; a pattern of any length is matched in linear time. */
function matches(pattern: ByteString, name: ByteString): boolean {
  const [start = "", ...rest] = pattern.split("*");
  const end = rest.pop();
  if (end === undefined) return pattern === name;
  if (!name.startsWith(start)) return false;
  let at = start.length;
  for (const part of rest) {
    const found = name.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return name.length - at >= end.length && name.endsWith(end);
}
