import { ToolError } from "@mcp-reference/validation";
import { subjectOf } from "../../changes/commit/message.js";
import type { ByteString } from "../../repository/bytes/byte-string.js";
import { isObjectId, type ObjectId } from "../../repository/object-id.js";
import type { Commit, Signature } from "../../repository/objects/types.js";
import type { Repository } from "../../repository/repository.js";
import { readCommands } from "../picks/sequencer.js";
import { GitDirFiles } from "../state/git-dir-files.js";

/** Where a rebase began and is going. */
export interface RebaseEnds {
  /** Full name of the branch; undefined where `HEAD` was detached. */
  readonly branch: ByteString | undefined;
  readonly onto: ObjectId;
  /** Where the branch was. */
  readonly original: ObjectId;
}

/** A rebase that waits, as git keeps it in `rebase-merge/`: either of us can go on with what the other began. */
export interface RebaseState extends RebaseEnds {
  /** Commits that are done, the one that stopped last. */
  readonly done: readonly Commit[];
  readonly left: readonly Commit[];
  /** The one whose conflicts wait. */
  readonly stopped: Commit | undefined;
}

/** What an abort needs to know, whatever commands the rebase has. @throws ToolError UNSUPPORTED where only git can end it */
export function readRebaseEnds(repo: Repository): RebaseEnds {
  const files = new GitDirFiles(repo.layout);
  const [onto, original] = [files.readLine("rebase-merge/onto"), files.readLine("rebase-merge/orig-head")];
  const name = files.readLine("rebase-merge/head-name");
  const isOdd = files.has("rebase-apply") || files.has("rebase-merge/autostash");
  if (isOdd || !isId(onto) || !isId(original) || name === undefined) throw onlyGit();
  return { branch: name.startsWith("refs/heads/") ? name : undefined, onto, original };
}

/** @throws ToolError UNSUPPORTED for what only git carries out, such as commands other than `pick` */
export function readRebase(repo: Repository): RebaseState {
  const files = new GitDirFiles(repo.layout);
  const ends = readRebaseEnds(repo);
  if (files.has("rebase-merge/amend")) throw onlyGit();
  const stopped = files.readLine("rebase-merge/stopped-sha");
  return {
    ...ends,
    done: readCommands(repo, files.read("rebase-merge/done") ?? "", ["pick", "p"]),
    left: readCommands(repo, files.read("rebase-merge/git-rebase-todo") ?? "", ["pick", "p"]),
    stopped: isId(stopped) ? repo.objects.commit(stopped) : undefined,
  };
}

const onlyGit = (): ToolError =>
  new ToolError("UNSUPPORTED", "This rebase was begun in a way that only git goes on with", {
    hint: "Continue or abort it with git itself",
  });

const isId = (text: string | undefined): text is ObjectId => text !== undefined && isObjectId(text);

/** What a stop is about. */
export interface RebaseStop {
  readonly source: Commit;
  readonly message: ByteString;
  readonly patch: Buffer;
}

/** Writes the directory; `onto` last, as nobody takes it for a rebase without. */
export function writeRebase(repo: Repository, state: RebaseState, { source, message, patch }: RebaseStop): void {
  const files = new GitDirFiles(repo.layout);
  const write = (name: string, content: ByteString): void => files.write(`rebase-merge/${name}`, content);
  const list = (commits: readonly Commit[]): ByteString =>
    commits.map(({ oid, message: text }) => `pick ${oid} ${subjectOf(text)}\n`).join("");
  write("head-name", `${state.branch ?? "detached HEAD"}\n`);
  write("orig-head", `${state.original}\n`);
  for (const empty of ["interactive", "drop_redundant_commits", "no-reschedule-failed-exec"]) write(empty, "");
  write("git-rebase-todo", list(state.left));
  write("git-rebase-todo.backup", list([...state.done, ...state.left]));
  write("done", list(state.done));
  write("msgnum", `${state.done.length}\n`);
  write("end", `${state.done.length + state.left.length}\n`);
  write("author-script", authorScript(source.author));
  write("message", message.endsWith("\n") ? `${message}\n` : `${message}\n\n`);
  write("patch", patch.toString("latin1"));
  write("stopped-sha", `${source.oid}\n`);
  write("onto", `${state.onto}\n`);
  files.write("REBASE_HEAD", `${source.oid}\n`);
}

/** Shell assignments, which git reads back with a parser of its own. */
function authorScript({ name, email, seconds, zone }: Signature): ByteString {
  const quoted = (text: ByteString): ByteString => `'${text.replaceAll("'", "'\\''")}'`;
  return [
    `GIT_AUTHOR_NAME=${quoted(name)}\n`,
    `GIT_AUTHOR_EMAIL=${quoted(email)}\n`,
    `GIT_AUTHOR_DATE=${quoted(`@${seconds} ${zone}`)}\n`,
  ].join("");
}

/** The rebase is over. */
export function endRebase(repo: Repository): void {
  const files = new GitDirFiles(repo.layout);
  files.removeDirectory("rebase-merge");
  files.remove("REBASE_HEAD");
}
