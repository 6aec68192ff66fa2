import { ToolError } from "@mcp-reference/validation";
import { subjectOf } from "../../changes/commit/message.js";
import { textOf } from "../../repository/bytes/byte-string.js";
import { isObjectId, type ObjectId } from "../../repository/object-id.js";
import type { Commit } from "../../repository/objects/types.js";
import type { Repository } from "../../repository/repository.js";
import { abbreviate } from "../../repository/revision/abbreviate.js";
import { resolveRevision } from "../../repository/revision/resolve.js";
import { GitDirFiles } from "../state/git-dir-files.js";
import type { PickAction, PickOptions } from "./run-picks.js";

/** Commands of a list that are read; a longer one is no list of commits. */
const MOST_COMMANDS = 10_000;

/** Where a run of several picks began, as git keeps it in `sequencer/`. */
export interface SequenceStart {
  /** What was checked out when it began; an abort goes back there. */
  readonly start: ObjectId;
  /** What was checked out when it stopped; an abort leaves alone what was committed since. */
  readonly reached: ObjectId | undefined;
}

export interface Sequence extends SequenceStart {
  /** The one that stopped it first. */
  readonly commits: readonly Commit[];
  readonly options: Pick<PickOptions, "mainline" | "recordOrigin">;
}

export function writeSequence(repo: Repository, action: PickAction, sequence: Sequence): void {
  const files = new GitDirFiles(repo.layout);
  const { mainline, recordOrigin } = sequence.options;
  const lines = sequence.commits.map(
    ({ oid, message }) => `${action} ${abbreviate(repo, oid)} ${subjectOf(message)}\n`,
  );
  const options = [
    ...(mainline === undefined ? [] : [`\tmainline = ${mainline}\n`]),
    ...(recordOrigin ? ["\trecord-origin = true\n"] : []),
  ];
  files.write("sequencer/head", `${sequence.start}\n`);
  if (sequence.reached) files.write("sequencer/abort-safety", `${sequence.reached}\n`);
  if (options.length > 0) files.write("sequencer/opts", `[options]\n${options.join("")}`);
  files.write("sequencer/todo", lines.join(""));
}

/** What an abort needs to know; undefined where a single commit was picked. */
export function readSequenceStart(repo: Repository): SequenceStart | undefined {
  const files = new GitDirFiles(repo.layout);
  const [start, reached] = [files.readLine("sequencer/head"), files.readLine("sequencer/abort-safety")];
  if (start === undefined || !isObjectId(start)) return undefined;
  return { start, reached: reached !== undefined && isObjectId(reached) ? reached : undefined };
}

/** Reads what we or git left; undefined where a single commit was picked. @throws ToolError UNSUPPORTED for what only git can go on with */
export function readSequence(repo: Repository): Sequence | undefined {
  const files = new GitDirFiles(repo.layout);
  const todo = files.read("sequencer/todo");
  const start = readSequenceStart(repo);
  if (todo === undefined || start === undefined) return undefined;
  const commits = readCommands(repo, todo, ["pick", "p", "revert"]);
  return { ...start, commits, options: readOptions(files.read("sequencer/opts") ?? "") };
}

/**
 * The commits of a list such as `pick 1a2b3c4 Subject`.
 * @param accepted commands; others are for git itself to carry out
 */
export function readCommands(repo: Repository, todo: string, accepted: readonly string[]): Commit[] {
  const lines = todo.split("\n").filter((line) => line.trim() !== "" && !/^\s*(?:#|noop\b)/.test(line));
  if (lines.length > MOST_COMMANDS)
    throw new ToolError("TOO_LARGE", `More than ${MOST_COMMANDS} commits are to be picked`);
  return lines.map((line) => {
    const [command = "", name = ""] = line.trim().split(/\s+/);
    if (accepted.includes(command) && /^[0-9a-f]{4,40}$/.test(name)) {
      return repo.objects.commit(resolveRevision(repo, name));
    }
    throw new ToolError(
      "UNSUPPORTED",
      `The list of commits has the command "${textOf(command)}", which only git carries out`,
      {
        hint: "Go on with git itself, or abort",
      },
    );
  });
}

function readOptions(content: string): Sequence["options"] {
  const options: { mainline?: number; recordOrigin?: boolean } = {};
  for (const line of content.split("\n")) {
    const [key, value] = line.split("=").map((part) => part.trim());
    if (key === "mainline") options.mainline = Number(value);
    else if (key === "record-origin") options.recordOrigin = value === "true";
    else if (key !== "" && key !== "[options]" && value !== "false") {
      throw new ToolError("UNSUPPORTED", "This was begun with options that only git knows", {
        hint: "Go on with git itself",
      });
    }
  }
  return options;
}
