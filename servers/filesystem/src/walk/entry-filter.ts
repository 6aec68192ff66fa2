import { closeSync, type Dirent, fstatSync, readFileSync } from "node:fs";
import { compileGlob, type PathMatcher, SecretPolicy } from "@mcp-reference/security";
import { isWorkName } from "../write/work-names.js";
import { type IgnoreChain, IgnoreRules, isIgnored, MAX_IGNORE_FILE_BYTES } from "./ignore-rules.js";
import type { Scope } from "./tasks.js";
import type { WalkDirectory } from "./walk-directory.js";

/** Which entries a scope leaves out, and which of them because they look like secrets. */
export class EntryFilter {
  /** The rules of the `.gitignore` files above the start. */
  readonly rulesAbove: IgnoreChain | undefined;
  readonly #exclude: readonly PathMatcher[];
  readonly #respectIgnoreFiles: boolean;
  readonly #secrets: SecretPolicy;
  readonly #policyPrefix: string;

  /** @throws ToolError INVALID_ARGUMENT for a bad glob. */
  constructor({ exclude, ignoreFiles, secrets, policyPath }: Scope) {
    this.#exclude = exclude.map((glob) => compileGlob(glob));
    this.#respectIgnoreFiles = ignoreFiles !== undefined;
    this.#secrets = new SecretPolicy(secrets);
    this.#policyPrefix = policyPath === "" ? "" : `${policyPath}/`;
    this.rulesAbove = ignoreFiles?.reduceRight<IgnoreChain | undefined>(
      (parent, { prefix, text }) => ({ rules: new IgnoreRules(text), base: "", prefix, parent }),
      undefined,
    );
  }

  /**
   * The ignore rules for the entries of a directory.
   * @param base its path with `/` at the end, or `""` for the start.
   * @param above the rules of its parent.
   */
  rulesIn(
    directory: WalkDirectory,
    entries: readonly Dirent[],
    base: string,
    above: IgnoreChain | undefined,
  ): IgnoreChain | undefined {
    if (!this.#respectIgnoreFiles) return undefined;
    // A repository does not know the ignore files around it.
    const parent = entries.some(({ name }) => name === ".git") ? undefined : above;
    if (!entries.some((entry) => entry.name === ".gitignore" && entry.isFile())) return parent;
    const text = readIgnoreFile(directory);
    return text === undefined ? parent : { rules: new IgnoreRules(text), base, prefix: "", parent };
  }

  /** Left out because the caller asked for it, or because it is only there while a file is written. */
  excludes(path: string, name: string, isDirectory: boolean, rules: IgnoreChain | undefined): boolean {
    if (isWorkName(name)) return true;
    if (this.#respectIgnoreFiles && (name === ".git" || isIgnored(rules, path, name, isDirectory))) return true;
    return this.#exclude.some((matches) => matches(path));
  }

  /** Left out because it is likely to hold secrets. */
  hides(path: string): boolean {
    return this.#secrets.hides(this.#policyPrefix + path);
  }
}

function readIgnoreFile(directory: WalkDirectory): string | undefined {
  try {
    const fd = directory.openFile(".gitignore");
    try {
      const stats = fstatSync(fd);
      return stats.isFile() && stats.size <= MAX_IGNORE_FILE_BYTES ? readFileSync(fd, "utf8") : undefined;
    } finally {
      closeSync(fd);
    }
  } catch {
    // As git does: an ignore file that cannot be read says nothing.
    return undefined;
  }
}
