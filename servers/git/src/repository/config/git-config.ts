import type { ByteString } from "../bytes/byte-string.js";
import type { Layout } from "../layout/types.js";
import { ConfigFiles } from "./config-files.js";
import { readBoolean, readNumber } from "./config-values.js";
import type { ConfigLine } from "./parse-config.js";
import type { GitConfig } from "./types.js";

/**
 * Settings of the user (`$GIT_CONFIG_GLOBAL`, else `git/config` in the XDG directory, then `~/.gitconfig`), of the repository and of the worktree, with
 * what they include. The system's are left out. What the repository's own config includes is read only where it lies in the
 * repository or the user's home config includes it; the rest is passed over, as git passes over an absent file.
 *
 * @param defaults what holds where no file says otherwise
 * @throws ToolError INVALID_ARGUMENT for a malformed file, TOO_LARGE
 */
export function readConfig(layout: Layout, defaults: readonly ConfigLine[] = []): GitConfig {
  return new Settings([...defaults, ...new ConfigFiles(layout).lines()]);
}

class Settings implements GitConfig {
  readonly #values = new Map<string, (ByteString | null)[]>();
  readonly #ofUser = new Map<string, ByteString | null>();
  readonly #subsections = new Map<string, Set<ByteString>>();

  constructor(lines: readonly ConfigLine[]) {
    for (const { section, subsection, key, value, ofRepository } of lines) {
      const name = subsection === undefined ? `${section}.${key}` : `${section}.${subsection}.${key}`;
      const values = this.#values.get(name);
      if (values) values.push(value);
      else this.#values.set(name, [value]);
      if (!ofRepository) this.#ofUser.set(name, value);
      if (subsection === undefined) continue;
      const names = this.#subsections.get(section);
      if (names) names.add(subsection);
      else this.#subsections.set(section, new Set([subsection]));
    }
  }

  get(name: string): string | undefined {
    return this.all(name).at(-1);
  }

  ofUser(name: string): string | undefined {
    const value = this.#ofUser.get(canonical(name));
    return value === null ? "true" : value;
  }

  all(name: string): readonly string[] {
    return (this.#values.get(canonical(name)) ?? []).map((value) => value ?? "true");
  }

  flag(name: string): boolean | undefined {
    const value = this.#values.get(canonical(name))?.at(-1);
    return value === undefined ? undefined : readBoolean(name, value);
  }

  number(name: string): number | undefined {
    const value = this.#values.get(canonical(name))?.at(-1);
    return value === undefined ? undefined : readNumber(name, value);
  }

  subsections(section: string): readonly string[] {
    return [...(this.#subsections.get(section.toLowerCase()) ?? [])];
  }
}

/** Section and key in lower case, what is between the outer dots as it is. */
function canonical(name: string): string {
  const first = name.indexOf(".");
  const last = name.lastIndexOf(".");
  return name.slice(0, first).toLowerCase() + name.slice(first, last) + name.slice(last).toLowerCase();
}
