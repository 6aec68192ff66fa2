import type { Repository } from "../../repository/repository.js";
import { abbreviate } from "../../repository/revision/abbreviate.js";
import { messageOf } from "../commits/commit-message.js";
import { signatureDate, signatureName } from "../commits/signature.js";
import { firstBytes } from "../shown-text.js";
import type { LogEntry } from "./log-page.js";

/** Commits with their whole messages, as many as fit into `maxBytes`; of the first as much as fits. */
export function logText(repo: Repository, entries: readonly LogEntry[], maxBytes: number) {
  const parts: string[] = [];
  let room = maxBytes;
  for (const { commit } of entries) {
    const heading = `${abbreviate(repo, commit.oid)} ${signatureDate(commit.author)} ${signatureName(commit.author)}`;
    const part = `${heading}\n${messageOf(commit)
      .trim()
      .replaceAll(/^(?=.)/gm, "    ")}\n`;
    room -= Buffer.byteLength(part) + 1;
    if (room < 0 && parts.length > 0) break;
    parts.push(firstBytes(part, maxBytes));
  }
  return { body: parts.join("\n"), shown: parts.length };
}
