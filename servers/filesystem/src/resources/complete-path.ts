import path from "node:path";
import type { PathSandbox } from "@mcp-reference/security";
import { type DirectoryEntry, entriesIfAny } from "../listing/read-directory.js";
import { statBehind } from "../listing/stat-behind.js";
import { pathOfVariable, uriOfPath, variableOfPath } from "./file-uri.js";

interface Inside {
  readonly sandbox: PathSandbox;
}

/** As many as one answer of the protocol holds: only of these it is found out where links lead. */
const SHOWN = 100;

/**
 * Paths that go on from what was typed: the roots on the way, then entries of the directory typed so far. Directories
 * end in a slash, so that the next completion looks inside.
 * @param typed absolute, or relative to the first root
 */
export async function completePath(typed: string, { sandbox }: Inside): Promise<string[]> {
  const nameAt = Math.max(typed.lastIndexOf("/"), typed.lastIndexOf(path.sep)) + 1;
  const base = typed.slice(0, nameAt);
  const start = typed.slice(nameAt);
  const roots = path.isAbsolute(typed) ? rootsFrom(typed, sandbox) : [];
  const entries = (await entriesIfAny(sandbox, base || ".")).filter(({ name }) => name.startsWith(start));
  const shown = await Promise.all(entries.slice(0, SHOWN).map((entry) => completion(base, entry, sandbox)));
  const others = entries.slice(SHOWN).map(({ name }) => base + name);
  return [...new Set([...roots, ...shown.filter((one) => one !== undefined), ...others])];
}

/** The same for the variable of `file:///{+path}`, which lacks the first slash. */
export async function completePathVariable(typed: string, inside: Inside): Promise<string[]> {
  const completions = await completePath(pathOfVariable(typed.replace(/^\/+/, "")), inside);
  return completions.map((completion) => variableOfPath(completion));
}

/** The same for a `file:` URI or a path, whichever the text begins like. */
export async function completeUri(typed: string, inside: Inside): Promise<string[]> {
  const scheme = "file:///";
  const lower = typed.toLowerCase();
  if (!scheme.startsWith(lower) && !lower.startsWith(scheme)) return completePath(typed, inside);
  const completions = await completePathVariable(decodePartial(typed.slice(scheme.length)), inside);
  return completions.map((completion) => uriOfPath(pathOfVariable(completion)));
}

/** What is being typed may end within an escape, and a `%` may stand for itself. */
function decodePartial(typed: string): string {
  try {
    return decodeURIComponent(typed.replace(/%[0-9a-f]?$/i, ""));
  } catch {
    return typed;
  }
}

function rootsFrom(typed: string, { roots }: PathSandbox): string[] {
  const slashed = roots.map((root) => `${root.alias.replaceAll(path.sep, "/")}/`.replace(/\/\/$/, "/"));
  return slashed.filter((root) => root.startsWith(typed) && root !== typed);
}

async function completion(
  base: string,
  { name, type }: DirectoryEntry,
  sandbox: PathSandbox,
): Promise<string | undefined> {
  if (type === "directory") return `${base}${name}/`;
  if (type === "file") return base + name;
  const stats = await statBehind(sandbox, path.resolve(sandbox.roots[0]?.path ?? "", base, name));
  return stats && `${base}${name}${stats.isDirectory() ? "/" : ""}`;
}
