import { ToolError } from "@mcp-reference/validation";
import { commitNodes } from "../history/commit-nodes.js";
import { mergeBases } from "../history/merge-base.js";
import type { ObjectId } from "../object-id.js";
import type { Repository } from "../repository.js";
import { resolveRevision } from "./resolve.js";

/** Commits that history is to be walked from, and those that end it together with all of their ancestors. */
export interface CommitRange {
  readonly include: ObjectId[];
  readonly exclude: ObjectId[];
}

/**
 * `A..B`, `A...B` (without their merge bases), `^A`, `A^!`, `A^@`, `A^-2`, `A`; several of them with spaces in between.
 * An empty side is HEAD.
 * @throws ToolError as resolveRevision
 */
export function parseRange(repo: Repository, text: string): CommitRange {
  const range: CommitRange = { include: [], exclude: [] };
  const parts = text.startsWith(":/") ? [text] : partsOf(text);
  if (parts.length === 0) throw new ToolError("INVALID_ARGUMENT", "The range is empty");
  for (const part of parts) {
    const { include, exclude } = parsePart(repo, part);
    range.include.push(...include);
    range.exclude.push(...exclude);
  }
  return range;
}

/** Split at spaces, but not at those inside of braces: `main@{2 days ago}..HEAD`. */
const partsOf = (text: string): string[] => text.match(/(?:\{[^{}]*\}|\S)+/g) ?? [];

function parsePart(repo: Repository, part: string): CommitRange {
  if (part.startsWith("^")) return { include: [], exclude: [resolveRevision(repo, part.slice(1))] };
  const dots = dotsIn(part);
  if (dots !== undefined) return betweenSides(repo, dots);
  const parents = /^(.+)\^(!|@|-(\d*))$/s.exec(part);
  if (parents) return byParents(repo, parents[1] ?? "", parents[2] ?? "", parents[3]);
  return { include: [resolveRevision(repo, part)], exclude: [] };
}

interface Dots {
  readonly left: string;
  readonly right: string;
  readonly symmetric: boolean;
}

/** The first `..` outside of braces. */
function dotsIn(part: string): Dots | undefined {
  const [, left, dots, right] = /^((?:\{[^{}]*\}|[^{])*?)(\.{2,3})(.*)$/s.exec(part) ?? [];
  if (left === undefined || right === undefined || left.includes(":")) return undefined;
  if (left === "" && right === "") throw new ToolError("INVALID_ARGUMENT", `"${part}" is no range of commits`);
  return { left: left || "HEAD", right: right || "HEAD", symmetric: dots === "..." };
}

function betweenSides(repo: Repository, { left, right, symmetric }: Dots): CommitRange {
  const from = resolveRevision(repo, left);
  const to = resolveRevision(repo, right);
  if (!symmetric) return { include: [to], exclude: [from] };
  return { include: [from, to], exclude: mergeBases(repo, from, to) };
}

/** `^!` is a commit without its parents, `^@` the parents without the commit, `^-n` what came with all but its nth parent. */
function byParents(repo: Repository, revision: string, suffix: string, digits = ""): CommitRange {
  const commit = resolveRevision(repo, revision);
  const { parents } = commitNodes(repo).get(commit);
  if (suffix === "@") return { include: [...parents], exclude: [] };
  if (suffix === "!") return { include: [commit], exclude: [...parents] };
  const parent = parents[(digits === "" ? 1 : Number(digits)) - 1];
  if (parent === undefined) throw new ToolError("NOT_FOUND", `"${revision}" has ${parents.length} parents`);
  return { include: [commit], exclude: [parent] };
}
