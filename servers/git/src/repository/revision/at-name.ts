import { ToolError } from "@mcp-reference/validation";
import { type ByteString, bytesOf, textOf } from "../bytes/byte-string.js";
import type { ObjectId } from "../object-id.js";
import type { Repository } from "../repository.js";
import { findRef, findRefs, type NamedRef } from "./find-ref.js";
import { parseDate } from "./parse-date.js";
import { upstreamOf } from "./upstream.js";

const GROUP = /@\{([^{}]*)\}/g;
/** A number as large as this is a time, not a count. */
const FIRST_TIME = 100_000_000;

/** `main@{1}`, `@{-1}`, `@{upstream}`, `@{-1}@{u}`, `HEAD@{2 days ago}`. @throws ToolError */
export function resolveAtName(repo: Repository, text: string, base: string): ObjectId {
  const name = base.slice(0, base.indexOf("@{"));
  const groups = [...base.slice(name.length).matchAll(GROUP)].map(([, inside]) => inside ?? "");
  if (name.length + groups.reduce((sum, inside) => sum + inside.length + 3, 0) !== base.length) throw malformed(text);
  let at: ByteString = bytesOf(name === "@" ? "HEAD" : name);
  for (const [index, inside] of groups.entries()) {
    const before = /^-(\d{1,6})$/.exec(inside)?.[1];
    if (before !== undefined && at === "" && index === 0) at = previouslyCheckedOut(repo, text, Number(before));
    else if (/^(u|upstream)$/i.test(inside)) at = upstreamOf(repo, text, branchNamed(repo, text, at));
    else if (/^push$/i.test(inside))
      throw new ToolError("UNSUPPORTED", `"${text}": @{push} is not supported`, { hint: "Name the branch" });
    else if (index === groups.length - 1) return inReflog(repo, text, at, inside);
    else throw malformed(text);
  }
  return refNamed(repo, text, at).oid;
}

/** The full name of the branch; of the current one for an empty name and for HEAD. */
function branchNamed(repo: Repository, text: string, name: ByteString): ByteString {
  if (name !== "" && name !== "HEAD") return `refs/heads/${name.replace(/^(refs\/)?heads\//, "")}`;
  const head = repo.refs.head();
  if (head.kind === "branch") return head.ref;
  throw new ToolError("NOT_FOUND", `"${text}" needs a current branch, but HEAD is detached`);
}

/** The ref of a name, or what an id stands for where HEAD was detached. */
function refNamed(repo: Repository, text: string, name: ByteString): NamedRef {
  const found = findRef(repo.refs, name) ?? (/^[0-9a-f]{40}$/.test(name) ? { ref: name, oid: name } : undefined);
  if (found === undefined) throw new ToolError("NOT_FOUND", `"${text}" names nothing: there is no ${textOf(name)}`);
  return found;
}

function previouslyCheckedOut(repo: Repository, text: string, number: number): ByteString {
  const moves = repo.refs
    .reflog("HEAD")
    .flatMap(({ message }) => /^checkout: moving from (\S+) to /.exec(message)?.[1] ?? []);
  const name = number === 0 ? undefined : moves[number - 1];
  if (name === undefined)
    throw new ToolError("NOT_FOUND", `"${text}" names nothing: HEAD moved only ${moves.length} times`);
  return name;
}

/** The current branch's reflog for an empty name. */
function inReflog(repo: Repository, text: string, name: ByteString, inside: string): ObjectId {
  const { ref, oid } = name === "" ? currentRef(repo, text) : loggedRef(repo, text, name);
  const entries = repo.refs.reflog(ref);
  const number = /^\d+$/.test(inside) ? Number(inside) : FIRST_TIME;
  if (number === 0) return entries[0]?.to ?? oid;
  if (entries.length === 0) throw new ToolError("NOT_FOUND", `"${text}" names nothing: ${textOf(ref)} has no reflog`);
  if (number < FIRST_TIME) {
    const entry = entries.slice(number - 1).find(({ from }) => !/^0+$/.test(from));
    if (entry !== undefined) return entry.from;
    throw new ToolError(
      "NOT_FOUND",
      `"${text}" names nothing: the reflog of ${textOf(ref)} has ${entries.length} entries`,
    );
  }
  const time = /^\d+$/.test(inside) ? number : parseDate(inside);
  const index = entries.findIndex(({ who }) => who.seconds <= time);
  if (index === 0 && entries[0]?.who.seconds !== time) return oid;
  const oldest = entries.at(-1);
  const ofOldest = oldest && (/^0+$/.test(oldest.from) ? oldest.to : oldest.from);
  return (index < 0 ? ofOldest : entries[index]?.to) ?? oid;
}

/** Of the refs that a name may mean, the first that has a reflog. */
function loggedRef(repo: Repository, text: string, name: ByteString): NamedRef {
  for (const { ref, oid } of findRefs(repo.refs, name)) {
    const logged = [ref, repo.refs.symbolic(ref)].find((each) => each && repo.refs.reflog(each).length > 0);
    if (logged !== undefined) return { ref: logged, oid };
  }
  return refNamed(repo, text, name);
}

function currentRef(repo: Repository, text: string): NamedRef {
  const head = repo.refs.head();
  if (head.oid === undefined) throw new ToolError("NOT_FOUND", `"${text}" names nothing: there is no commit yet`);
  return { ref: head.kind === "branch" ? head.ref : "HEAD", oid: head.oid };
}

const malformed = (text: string): ToolError =>
  new ToolError("INVALID_ARGUMENT", `"${text}" is not a revision`, {
    hint: "After a name write @{1}, @{upstream} or @{2024-05-01 12:00:00 +0000}; @{-1} stands alone",
  });
