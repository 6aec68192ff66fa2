import { ToolError } from "@mcp-reference/validation";
import { textOf } from "../bytes/byte-string.js";
import { LARGEST_CONFIG, readBoolean } from "../config/config-values.js";
import { type ConfigLine, parseConfig } from "../config/parse-config.js";
import type { ConfinedFiles } from "../confined/confined-files.js";

/** Settings that decide how the rest of a repository is read. */
export interface RepositoryFormat {
  /** `core.bare`, where it is set. */
  readonly bare: boolean | undefined;
  /** `core.worktree`, relative to the git directory, where it is set. */
  readonly worktree: string | undefined;
}

/** Extensions that change nothing we rely on, or that we know how to read. */
const SUPPORTED: ReadonlyMap<string, RegExp> = new Map([
  ["noop", /.*/],
  ["noop-v1", /.*/],
  ["preciousobjects", /.*/],
  ["partialclone", /.*/],
  ["worktreeconfig", /.*/],
  ["relativeworktrees", /.*/],
  ["objectformat", /^sha1$/i],
  ["refstorage", /^files$/i],
]);

/** What version 0 already takes heed of; git ignores the others there. */
const ALSO_IN_VERSION_0 = new Set(["noop", "preciousobjects", "partialclone", "worktreeconfig"]);

/** Extensions of version 1: git refuses them in version 0. */
const ONLY_IN_VERSION_1 = new Set(["noop-v1", "objectformat", "refstorage", "relativeworktrees", "compatobjectformat"]);

/**
 * Reads the format of a repository and makes sure that it is one we read rightly.
 * @throws ToolError UNSUPPORTED naming the extension or version
 */
export function readFormat(gitDir: ConfinedFiles, commonDir: ConfinedFiles): RepositoryFormat {
  const common = linesOf(commonDir, "config");
  requireSupported(common);
  const isLinked = gitDir.root !== commonDir.root;
  const ownConfig = readBoolean("extensions.worktreeConfig", last(common, "extensions", "worktreeconfig") ?? "false");
  // Of a linked worktree the shared config says nothing: `core.bare` there is about the main one.
  const lines = [...(isLinked ? [] : common), ...(ownConfig ? linesOf(gitDir, "config.worktree") : [])];
  const bare = last(lines, "core", "bare");
  return {
    bare: bare === undefined ? undefined : readBoolean("core.bare", bare),
    worktree: last(lines, "core", "worktree") ?? undefined,
  };
}

const linesOf = (files: ConfinedFiles, name: string): readonly ConfigLine[] =>
  parseConfig(files.read(name, LARGEST_CONFIG)?.toString("latin1") ?? "", name);

/** Value of the last line with that key; null where it has none. */
function last(lines: readonly ConfigLine[], section: string, key: string): string | null | undefined {
  return lines.findLast((line) => line.section === section && line.subsection === undefined && line.key === key)?.value;
}

function requireSupported(lines: readonly ConfigLine[]): void {
  const version = last(lines, "core", "repositoryformatversion") ?? "0";
  if (version !== "0" && version !== "1") {
    throw new ToolError("UNSUPPORTED", `The repository has format version ${textOf(version)}; 0 and 1 are supported`);
  }
  for (const { section, subsection, key, value } of lines) {
    if (section !== "extensions" || subsection !== undefined) continue;
    if (version === "0" && !ALSO_IN_VERSION_0.has(key) && !ONLY_IN_VERSION_1.has(key)) continue;
    if (SUPPORTED.get(key)?.test(value ?? "")) continue;
    throw new ToolError(
      "UNSUPPORTED",
      `The repository uses extensions.${key} = ${textOf(value ?? "true")}, which this server cannot read`,
      {
        hint: "Use git itself for this repository",
      },
    );
  }
}
