import { ToolError } from "@mcp-reference/validation";
import type { ByteString } from "../bytes/byte-string.js";
import type { GitConfig } from "../config/types.js";
import { readUserFile } from "../ignore/user-file.js";
import type { Layout } from "../layout/types.js";
import { lstatOf } from "../worktree/directory-entries.js";
import { type Assignment, type AttributeLine, type AttributeValue, parseAttributeFile } from "./attribute-file.js";
import type { AttributeRules } from "./types.js";

/** Bytes of one `.gitattributes`. */
const LARGEST = 2 ** 22;
/** Paths whose attributes are kept. */
const MOST_KEPT = 4096;

const BUILT_IN = "[attr]binary -diff -merge -text";

/** Where `.gitattributes` are read that are not in the worktree, such as the index; undefined for none. */
export type AttributeFallback = (path: ByteString) => Buffer | undefined;

/**
 * The attributes of paths, from `.gitattributes` of the worktree, `info/attributes`, the user's file and what git has built in.
 * Each file is read once, when it is first needed.
 */
export const readAttributes = (layout: Layout, config: GitConfig, fallback?: AttributeFallback): AttributeRules =>
  new CachedAttributeRules(layout, config, fallback);

/** Lines and the directory they are about: empty, or with a slash at the end. */
interface Source {
  readonly base: ByteString;
  readonly lines: readonly AttributeLine[];
}

type Values = Map<string, AttributeValue>;

class CachedAttributeRules implements AttributeRules {
  readonly #layout: Layout;
  readonly #config: GitConfig;
  readonly #fallback: AttributeFallback | undefined;
  readonly #ignoreCase: boolean;
  /** Of each directory the files from its own up to the top's, the nearest first. */
  readonly #directories = new Map<ByteString, readonly Source[]>();
  readonly #values = new Map<ByteString, Values>();
  #outer: { readonly info: Source; readonly user: readonly Source[] } | undefined;

  constructor(layout: Layout, config: GitConfig, fallback: AttributeFallback | undefined) {
    this.#layout = layout;
    this.#config = config;
    this.#fallback = fallback;
    this.#ignoreCase = config.flag("core.ignorecase") ?? false;
  }

  get(path: ByteString, attribute: string): boolean | string | undefined {
    return this.#of(path).get(attribute) ?? undefined;
  }

  #of(path: ByteString): Values {
    const known = this.#values.get(path);
    if (known) return known;
    if (this.#values.size >= MOST_KEPT) this.#values.clear();
    const values = valuesOf(this.#sources(path), path);
    this.#values.set(path, values);
    return values;
  }

  /** All that may say something about a path, by weight. */
  #sources(path: ByteString): readonly Source[] {
    this.#outer ??= this.#readOuter();
    const { info, user } = this.#outer;
    return [info, ...this.#directory(path.slice(0, path.lastIndexOf("/") + 1)), ...user];
  }

  #readOuter(): { info: Source; user: readonly Source[] } {
    const info = this.#source("", this.#layout.commonDir.read("info/attributes", LARGEST)?.toString("latin1"));
    const user = this.#source("", readUserFile(this.#layout, this.#config, "core.attributesfile", "attributes"));
    return { info, user: [user, this.#source("", BUILT_IN)] };
  }

  #directory(base: ByteString): readonly Source[] {
    const known = this.#directories.get(base);
    if (known) return known;
    const own = this.#source(base, this.#read(`${base}.gitattributes`));
    const above = base === "" ? [] : this.#directory(base.slice(0, base.slice(0, -1).lastIndexOf("/") + 1));
    const sources = own.lines.length > 0 ? [own, ...above] : above;
    this.#directories.set(base, sources);
    return sources;
  }

  #source(base: ByteString, content: ByteString | undefined): Source {
    const options = { ignoreCase: this.#ignoreCase, mayDefine: base === "" };
    return { base, lines: content === undefined ? [] : parseAttributeFile(content, options) };
  }

  #read(path: ByteString): ByteString | undefined {
    const { worktree } = this.#layout;
    const content = ifReadable(() => worktree?.read(path, LARGEST));
    if (content || this.#fallback === undefined) return content?.toString("latin1");
    // To git a directory of that name is a file that says nothing.
    if (worktree && lstatOf(worktree.path(path))?.isDirectory()) return undefined;
    return ifReadable(() => this.#fallback?.(path))?.toString("latin1");
  }
}

/** Git does not follow a `.gitattributes` that is a link; nor do we. */
function ifReadable(read: () => Buffer | undefined): Buffer | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof ToolError && (error.code === "OUTSIDE_ROOT" || error.code === "UNSUPPORTED")) return undefined;
    throw error;
  }
}

function valuesOf(sources: readonly Source[], path: ByteString): Values {
  const macros = macrosOf(sources);
  const values: Values = new Map();
  const assign = (assignments: readonly Assignment[]): void => {
    for (const { name, value } of assignments) {
      if (values.has(name)) continue;
      values.set(name, value);
      const macro = value === true ? macros.get(name) : undefined;
      if (macro) assign(macro);
    }
  };
  for (const { base, lines } of sources) {
    const relative = path.slice(base.length);
    for (const line of lines) {
      if ("pattern" in line && !line.pattern.onlyDirectories && line.pattern.matches(relative))
        assign(line.assignments);
    }
  }
  return values;
}

/** The definition of most weight counts. */
function macrosOf(sources: readonly Source[]): ReadonlyMap<string, readonly Assignment[]> {
  const macros = new Map<string, readonly Assignment[]>();
  for (const { lines } of sources) {
    for (const line of lines) if ("macro" in line && !macros.has(line.macro)) macros.set(line.macro, line.assignments);
  }
  return macros;
}
