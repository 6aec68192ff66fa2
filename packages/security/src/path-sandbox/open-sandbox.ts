import { accessSync } from "node:fs";
import { realpath, stat } from "node:fs/promises";
import path from "node:path";
import { ToolError } from "@mcp-reference/validation";
import { DescriptorRef } from "./descriptor-ref.js";
import type { DirectoryRef } from "./directory-ref.js";
import { fromErrno } from "./errno.js";
import { PathRef } from "./path-ref.js";
import { quote } from "./refusals.js";
import { RootedSandbox } from "./rooted-sandbox.js";
import { secretPatterns } from "./secret-defaults.js";
import { SecretPolicy } from "./secret-policy.js";
import type { PathSandbox, Root, RootSpec, SandboxOptions } from "./types.js";

/**
 * Opens the directories that bound everything a server may touch. No roots make a sandbox that refuses every path.
 * @throws ToolError NOT_FOUND, PERMISSION_DENIED, INVALID_ARGUMENT (a root that is no directory, a bad glob).
 */
export async function openSandbox(options: SandboxOptions): Promise<PathSandbox> {
  const secrets = secretPatterns(options.deny, options.allow);
  const policy = new SecretPolicy(secrets);
  const roots = withoutDoubles(await Promise.all(options.roots.map(resolveRoot)));
  const portable = options.portable ?? !hasDescriptorPaths();
  const openRoot = (root: string): Promise<DirectoryRef> => (portable ? PathRef.open(root) : DescriptorRef.open(root));
  const refs = new Map<Root, DirectoryRef>();
  for (const root of roots) refs.set(root, await naming(root.alias, openRoot(root.path)));
  // Read once: reading the mask means setting it, which other threads' new files would notice.
  return new RootedSandbox(refs, { secrets, policy, umask: process.umask() });
}

async function resolveRoot({ path: written, readOnly = false }: RootSpec): Promise<Root> {
  const alias = path.resolve(written);
  const real = await naming(written, realpath(alias));
  const stats = await naming(written, stat(real));
  if (!stats.isDirectory()) throw new ToolError("INVALID_ARGUMENT", `${quote(written)} is not a directory`);
  return { path: real, alias, writable: !readOnly, policyPath: "" };
}

async function naming<T>(written: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw fromErrno(error, written);
  }
}

/** One directory named twice is one root, read-only if one of them is. */
function withoutDoubles(roots: readonly Root[]): Root[] {
  const byPath = new Map<string, Root>();
  for (const root of roots) {
    const earlier = byPath.get(root.path);
    byPath.set(root.path, earlier ? { ...earlier, writable: earlier.writable && root.writable } : root);
  }
  return [...byPath.values()];
}

function hasDescriptorPaths(): boolean {
  if (process.platform !== "linux") return false;
  try {
    accessSync("/proc/self/fd");
    return true;
  } catch {
    return false;
  }
}
