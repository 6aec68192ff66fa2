import { realpath } from "node:fs/promises";
import path from "node:path";
import { ToolError } from "@mcp-reference/validation";
import { namesBelow } from "./boundary.js";
import type { DirectoryRef } from "./directory-ref.js";
import type { HeldDirectory } from "./held-directory.js";
import type { Root } from "./types.js";

interface Directories {
  readonly roots: readonly Root[];
  openDirectory(input: string): Promise<HeldDirectory>;
}

/**
 * The parts of the roots that lie within `paths`: a directory inside a root as a root of its own, with the rights of
 * the one it lies in, and every root that lies inside a path as it is.
 * @returns the new roots and references to them, which the caller releases.
 */
export async function narrowRoots(whole: Directories, paths: readonly string[]): Promise<Map<Root, DirectoryRef>> {
  const refs = new Map<Root, DirectoryRef>();
  const [first] = whole.roots;
  if (!first) return refs;
  for (const written of paths) {
    const alias = path.resolve(first.path, written);
    for (const directory of await spellings(alias)) {
      await addRoot(refs, whole, directory, alias);
      const within = whole.roots.filter((root) => [root.path, root.alias].some((base) => namesBelow(directory, base)));
      for (const root of within) await addRoot(refs, whole, root.path, root.alias);
    }
  }
  return refs;
}

/** A path as written and as resolved: a client may name a root through links that lie outside it. */
async function spellings(written: string): Promise<Set<string>> {
  return new Set([written, await realpath(written).catch(() => written)]);
}

/** Opening is what decides: a path outside, hidden, missing or no directory adds nothing. */
async function addRoot(refs: Map<Root, DirectoryRef>, whole: Directories, directory: string, alias: string) {
  try {
    const { path, policyPath, root, ref } = await whole.openDirectory(directory);
    const known = [...refs.keys()].some((other) => other.path === path);
    if (known) ref.release();
    else refs.set({ path, alias, writable: root.writable, policyPath }, ref);
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
  }
}
