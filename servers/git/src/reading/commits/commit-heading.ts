import type { Commit } from "../../repository/objects/types.js";
import { messageOf } from "./commit-message.js";
import { signatureDate, signatureName } from "./signature.js";

/** A commit as it stands above its patch: id, people, dates, message. */
export function commitHeading(commit: Commit): string {
  const { oid, parents, author, committer } = commit;
  const [written, made] = [signatureName(author), signatureName(committer)];
  const lines = [
    `commit ${oid}`,
    parents.length > 1 && `Merge: ${parents.join(" ")}`,
    `Author: ${written}`,
    `Date: ${signatureDate(author)}`,
    made !== written && `Committer: ${made}`,
  ];
  const message = messageOf(commit)
    .trimEnd()
    .replaceAll(/^(?=.)/gm, "    ");
  return `${lines.filter(Boolean).join("\n")}\n\n${message}\n\n`;
}
