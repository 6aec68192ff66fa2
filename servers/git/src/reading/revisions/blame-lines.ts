import { blame } from "../../repository/blame/blame.js";
import type { BlameGroup } from "../../repository/blame/types.js";
import { type ByteString, textOf } from "../../repository/bytes/byte-string.js";
import type { Repository } from "../../repository/repository.js";
import { abbreviate } from "../../repository/revision/abbreviate.js";
import { resolveObject, resolveRevision } from "../../repository/revision/resolve.js";
import { signatureDate } from "../commits/signature.js";

export interface BlameRequest {
  readonly revision: string;
  readonly path: ByteString;
  /** First and last line, from 1; the whole file unless given. */
  readonly from: number | undefined;
  readonly to: number | undefined;
  readonly maxBytes: number;
  readonly signal: AbortSignal;
}

/**
 * Lines as `12 1a2b3c4d 2026-01-31 Author: text`, as many as fit; where the lines of a commit go on, its columns stay empty.
 * @throws ToolError NOT_FOUND, INVALID_ARGUMENT
 */
export async function blameLines(repo: Repository, request: BlameRequest) {
  const { revision, path, from, to, maxBytes, signal } = request;
  const commit = resolveRevision(repo, revision);
  const groups = await blame(repo, commit, path, { from, to, signal });
  const content = textOf(repo.objects.blob(resolveObject(repo, `${commit}:${textOf(path)}`).oid).toString("latin1"));
  const source = content.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  const lines: string[] = [];
  let room = maxBytes;
  for (const group of groups) {
    const origin = originOf(repo, group, path);
    for (let line = group.line; line < group.line + group.count; line++) {
      const shown = `${line} ${line === group.line ? origin : '"'}: ${(source[line - 1] ?? "").replace(/\r?\n$/, "")}`;
      room -= Buffer.byteLength(shown) + 1;
      if (room < 0 && lines.length > 0) return { lines, next: line, total: source.length };
      lines.push(shown);
    }
  }
  return { lines, next: undefined, total: source.length };
}

/** `^` marks where history ends; a former name is given where the file had one. */
function originOf(repo: Repository, { commit, path, boundary }: BlameGroup, now: ByteString): string {
  const { author } = repo.objects.commit(commit);
  const former = path === now ? "" : ` (${textOf(path)})`;
  return `${boundary ? "^" : ""}${abbreviate(repo, commit)} ${signatureDate(author).slice(0, 10)} ${textOf(author.name)}${former}`;
}
