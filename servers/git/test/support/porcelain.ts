import type { ByteString } from "../../src/repository/bytes/byte-string.js";
import type {
  ChangedPath,
  ConflictedPath,
  Status,
  SubmoduleState,
} from "../../src/repository/worktree/status-types.js";

/** A status as `git status --porcelain=v2 --branch -z` prints it, for a comparison with git. */
export function porcelainV2(status: Status): ByteString {
  return [
    ...branchLines(status),
    ...status.changes.map(changeLine),
    ...status.conflicts.map(conflictLine),
    ...status.untracked.map((path) => `? ${path}`),
    ...status.ignored.map((path) => `! ${path}`),
  ]
    .map((line) => `${line}\0`)
    .join("");
}

function branchLines({ head, upstream }: Status): string[] {
  const name = head.kind === "branch" ? head.ref.replace("refs/heads/", "") : "(detached)";
  const lines = [`# branch.oid ${head.oid ?? "(initial)"}`, `# branch.head ${name}`];
  if (upstream) lines.push(`# branch.upstream ${upstream.ref.replace(/^refs\/(heads|remotes)\//, "")}`);
  if (upstream?.distance) lines.push(`# branch.ab +${upstream.distance.ahead} -${upstream.distance.behind}`);
  return lines;
}

const octal = (mode: number): string => mode.toString(8).padStart(6, "0");

function submoduleColumn(state: SubmoduleState | undefined): string {
  if (!state) return "N...";
  return `S${state.newCommits ? "C" : "."}${state.modified ? "M" : "."}${state.untracked ? "U" : "."}`;
}

function changeLine({ path, staged, unstaged, origin, modes, oids, submodule }: ChangedPath): string {
  const { head, index, worktree } = modes;
  const columns = `${staged}${unstaged} ${submoduleColumn(submodule)} ${octal(head)} ${octal(index)} ${octal(worktree)} ${oids.head} ${oids.index}`;
  if (!origin) return `1 ${columns} ${path}`;
  const letter = [staged, unstaged].find((each) => each === "R" || each === "C");
  return `2 ${columns} ${letter}${origin.similarity} ${path}\0${origin.path}`;
}

function conflictLine({ path, kind, base, ours, theirs, worktreeMode, submodule }: ConflictedPath): string {
  const sides = [base, ours, theirs];
  const modes = sides.map((side) => octal(side?.mode ?? 0));
  const oids = sides.map((side) => side?.oid ?? "0".repeat(40));
  return `u ${kind} ${submoduleColumn(submodule)} ${modes.join(" ")} ${octal(worktreeMode)} ${oids.join(" ")} ${path}`;
}
