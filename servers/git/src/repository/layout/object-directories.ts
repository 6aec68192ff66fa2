import { ToolError } from "@mcp-reference/validation";
import type { ByteString } from "../bytes/byte-string.js";
import { ConfinedFiles } from "../confined/confined-files.js";
import { resolvedIfAny } from "../confined/resolved-path.js";
import { joined, requireInside } from "./inside.js";
import { unquotePath } from "./quoted-path.js";

/** As git: an alternate of an alternate … */
const DEEPEST = 5;
const MOST_DIRECTORIES = 100;
const LARGEST_LIST = 1024 * 1024;

/**
 * `objects` of a repository, then its alternates and theirs. Alternates that are gone are passed over, as git does.
 * @throws ToolError OUTSIDE_ROOT for one outside the roots, TOO_LARGE for too many
 */
export function objectDirectories(commonDir: ByteString, roots: readonly ByteString[]): ConfinedFiles[] {
  const found = new Map<ByteString, ConfinedFiles>();
  const visit = (path: ByteString, what: string, depth: number): void => {
    const real = requireInside(path, roots, what);
    if (found.has(real)) return;
    if (found.size >= MOST_DIRECTORIES) throw new ToolError("TOO_LARGE", "The repository has too many alternates");
    const files = new ConfinedFiles(real, roots);
    found.set(real, files);
    if (depth >= DEEPEST) return;
    for (const alternate of alternatesOf(files)) {
      if (resolvedIfAny(alternate) !== undefined) visit(alternate, "alternate object directory", depth + 1);
    }
  };
  visit(`${commonDir}/objects`, "object directory", 0);
  return [...found.values()];
}

function alternatesOf(objects: ConfinedFiles): ByteString[] {
  const text = objects.read("info/alternates", LARGEST_LIST)?.toString("latin1") ?? "";
  return text
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#") && !line.includes("\0"))
    .map((line) => joined(objects.root, line.startsWith('"') ? (unquotePath(line) ?? line) : line));
}
