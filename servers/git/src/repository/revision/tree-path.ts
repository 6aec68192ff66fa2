import { ToolError } from "@mcp-reference/validation";
import { type ByteString, textOf } from "../bytes/byte-string.js";
import { DIRECTORY, SUBMODULE } from "../file-mode.js";
import type { ObjectId, ObjectType } from "../object-id.js";
import type { Repository } from "../repository.js";
import type { ResolvedObject } from "./resolved-object.js";

const typeOfMode = (mode: number): ObjectType => (mode === DIRECTORY ? "tree" : mode === SUBMODULE ? "commit" : "blob");

/** The entry of `rev:path`. @throws ToolError NOT_FOUND, INVALID_ARGUMENT */
export function objectInTree(repo: Repository, text: string, tree: ObjectId, path: ByteString): ResolvedObject {
  const wanted = insideWorktree(text, path);
  const names = wanted.split("/");
  const asDirectory = names.at(-1) === "";
  if (asDirectory) names.pop();
  let at = { oid: tree, mode: DIRECTORY };
  for (const name of names) {
    const entry = at.mode === DIRECTORY ? repo.objects.tree(at.oid).find((each) => each.name === name) : undefined;
    if (entry === undefined) throw noSuchPath(text, path);
    at = entry;
  }
  if (asDirectory && at.mode !== DIRECTORY) throw noSuchPath(text, path);
  return { oid: at.oid, type: typeOfMode(at.mode), path: names.join("/"), mode: at.mode };
}

/** The entry of `:path` and `:2:path`. @throws ToolError NOT_FOUND, INVALID_ARGUMENT */
export function objectInIndex(repo: Repository, text: string, rest: ByteString): ResolvedObject {
  const [, digit, after] = /^([0-3]):(.*)$/s.exec(rest) ?? [];
  const stage = Number(digit ?? 0);
  const path = insideWorktree(text, after ?? rest);
  const entry = repo.index().entries.find((each) => each.path === path && each.stage === stage);
  if (entry === undefined) {
    throw new ToolError("NOT_FOUND", `${textOf(path)} is not in the index${stage === 0 ? "" : ` at stage ${stage}`}`);
  }
  return { oid: entry.oid, type: typeOfMode(entry.mode), path, mode: entry.mode };
}

/** Paths begin at the top of the worktree; `./` says so. */
function insideWorktree(text: string, path: ByteString): ByteString {
  const plain = path.replace(/^(\.\/+)+/, "");
  if (plain.split("/").includes("..")) {
    throw new ToolError("INVALID_ARGUMENT", `"${text}" has ".." in its path`, {
      hint: "Give the path from the top of the repository",
    });
  }
  return plain;
}

const noSuchPath = (text: string, path: ByteString): ToolError =>
  new ToolError("NOT_FOUND", `"${text}" names nothing: there is no ${textOf(path)} at that revision`);
