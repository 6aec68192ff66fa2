import type { ByteString } from "../../repository/bytes/byte-string.js";
import { walk } from "../../repository/history/walk.js";
import type { ObjectId } from "../../repository/object-id.js";
import type { Commit, Signature } from "../../repository/objects/types.js";
import type { Repository } from "../../repository/repository.js";

/** Commits that are quoted; a message of thousands helps nobody. */
const MOST_COMMITS = 1000;

/** What git prepares for the commit after `merge --squash`: the log of what came in, without merges. */
export async function squashMessage(
  repo: Repository,
  ours: ObjectId,
  theirs: ObjectId,
  signal?: AbortSignal,
): Promise<ByteString> {
  const parts: ByteString[] = ["Squashed commit of the following:\n"];
  for await (const commit of walk(repo, { include: [theirs], exclude: [ours], signal })) {
    if (commit.parents.length > 1) continue;
    if (parts.length > MOST_COMMITS) break;
    parts.push(described(commit));
  }
  return parts.join("");
}

function described({ oid, author, message }: Commit): ByteString {
  const text = message.replace(/^\n+|\s+$/g, "").split("\n");
  const indented = text.map((line) => (line === "" ? "    " : `    ${line}`)).join("\n");
  return `\ncommit ${oid}\nAuthor: ${author.name} <${author.email}>\nDate:   ${dateOf(author)}\n\n${indented}\n`;
}

/** `Tue Nov 14 22:13:20 2023 +0100`, in the author's own time zone. */
function dateOf({ seconds, zone }: Signature): string {
  const sign = zone.startsWith("-") ? -1 : 1;
  const minutes = sign * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3, 5)));
  const [day = "", date = "", month = "", year = "", time = ""] = new Date((seconds + minutes * 60) * 1000)
    .toUTCString()
    .split(/,? /);
  return `${day} ${month} ${Number(date)} ${time} ${year} ${zone}`;
}
