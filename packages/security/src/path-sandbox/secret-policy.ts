import { compileGlob, type PathMatcher } from "../glob/glob.js";
import { foldName } from "./fold-name.js";
import type { SecretPatterns } from "./types.js";

/**
 * Decides which paths are hidden because they are likely to hold secrets.
 *
 * Patterns without a slash match a name at any depth, others the path below the root. A matching directory
 * hides all that is in it, unless an allow pattern matches deeper down. Case, Unicode form and what
 * case-insensitive file systems ignore make no difference.
 */
export class SecretPolicy {
  readonly #deny: PatternSet;
  readonly #allow: PatternSet;
  /** Walkers ask about one directory's entries in a row: what was found out about it is kept. */
  #last: Directory = { asked: "", folded: "", hidden: false };

  constructor(patterns: SecretPatterns) {
    this.#deny = new PatternSet(patterns.deny);
    this.#allow = new PatternSet(patterns.allow);
  }

  /** @param relativePath names below the root, separated by `/`; `""` is the root itself and never hidden. */
  hides(relativePath: string): boolean {
    if (relativePath === "") return false;
    const slash = relativePath.lastIndexOf("/");
    const parent = this.#directory(slash < 0 ? "" : relativePath.slice(0, slash));
    return this.#hidesIn(parent, foldName(relativePath.slice(slash + 1)));
  }

  #hidesIn({ folded, hidden }: Directory, name: string): boolean {
    if (this.#allow.matches(folded, name)) return false;
    return hidden || this.#deny.matches(folded, name);
  }

  #directory(asked: string): Directory {
    if (asked === this.#last.asked) return this.#last;
    let directory: Directory = { asked, folded: "", hidden: false };
    for (const name of asked.split("/").map(foldName)) {
      directory = { asked, folded: join(directory.folded, name), hidden: this.#hidesIn(directory, name) };
    }
    this.#last = directory;
    return directory;
  }
}

interface Directory {
  readonly asked: string;
  readonly folded: string;
  readonly hidden: boolean;
}

/** Patterns sorted by how cheaply they are tested: most defaults are plain names or `*.suffix`. */
class PatternSet {
  readonly #names = new Set<string>();
  readonly #extensions = new Set<string>();
  readonly #affixes: { prefix: string; suffix: string }[] = [];
  /** The ends of paths that a leading double star finds at any depth, by their last name. */
  readonly #tails = new Map<string, string[]>();
  readonly #nameGlobs: PathMatcher[] = [];
  readonly #pathGlobs: PathMatcher[] = [];

  constructor(patterns: readonly string[]) {
    for (const pattern of patterns) this.#add(pattern.split("/").map(foldName).join("/"));
  }

  #add(pattern: string): void {
    const bare = pattern.replace(/^\/|\/$/g, "");
    const [, tail] = /^\*\*\/([^*?[\]{}\\]+)$/.exec(bare) ?? [];
    const [, prefix = "", suffix] = /^([^*?[\]{}\\/]*)\*([^*?[\]{}\\/]*)$/.exec(bare) ?? [];
    if (tail !== undefined) {
      const name = tail.slice(tail.lastIndexOf("/") + 1);
      this.#tails.set(name, [...(this.#tails.get(name) ?? []), `/${tail}`]);
    } else if (bare.includes("/") || pattern.startsWith("/")) {
      this.#pathGlobs.push(compileGlob(bare));
    } else if (suffix === undefined) {
      if (/[*?[\]{}\\]/.test(bare)) this.#nameGlobs.push(compileGlob(bare));
      else this.#names.add(bare);
    } else if (prefix === "" && /^\.[^.]+$/.test(suffix)) {
      this.#extensions.add(suffix);
    } else {
      this.#affixes.push({ prefix, suffix });
    }
  }

  matches(parent: string, name: string): boolean {
    if (this.#names.has(name) || this.#extensions.has(name.slice(name.lastIndexOf(".")))) return true;
    for (const { prefix, suffix } of this.#affixes) {
      const matches = name.startsWith(prefix) && name.endsWith(suffix) && name.length >= prefix.length + suffix.length;
      if (matches) return true;
    }
    const tails = this.#tails.get(name);
    if (tails?.some((tail) => `/${join(parent, name)}`.endsWith(tail))) return true;
    if (this.#nameGlobs.some((matches) => matches(name))) return true;
    return this.#pathGlobs.length > 0 && this.#pathGlobs.some((matches) => matches(join(parent, name)));
  }
}

const join = (parent: string, name: string) => (parent === "" ? name : `${parent}/${name}`);
