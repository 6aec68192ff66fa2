import type { ByteString } from "../bytes/byte-string.js";
import { matchesPath } from "./path-pattern.js";

/** What the conditions of `includeIf` are about. */
export interface Circumstances {
  /** Resolved absolute path. */
  readonly gitDir: ByteString;
  readonly home: ByteString;
  /** Checked out; without `refs/heads/`. */
  readonly branch: ByteString | undefined;
  readonly remoteUrls: readonly ByteString[];
}

/**
 * Does a condition hold, such as `gitdir:~/work/`, `onbranch:main` or `hasconfig:remote.*.url:https://…`? Unknown ones do not.
 * @param from directory of the file that has the condition
 */
export function includes(condition: ByteString, from: ByteString, now: Circumstances): boolean {
  const colon = condition.indexOf(":");
  const kind = condition.slice(0, colon);
  const pattern = condition.slice(colon + 1);
  switch (kind) {
    case "gitdir":
      return matchesPath(directoryPattern(pattern, from, now.home), now.gitDir);
    case "gitdir/i":
      return matchesPath(directoryPattern(pattern, from, now.home).toLowerCase(), now.gitDir.toLowerCase());
    case "onbranch":
      return now.branch !== undefined && matchesPath(open(pattern), now.branch);
    case "hasconfig": {
      const name = "remote.*.url:";
      return pattern.startsWith(name) && now.remoteUrls.some((url) => matchesPath(pattern.slice(name.length), url));
    }
    default:
      return false;
  }
}

function directoryPattern(pattern: ByteString, from: ByteString, home: ByteString): ByteString {
  if (pattern.startsWith("~/")) return open(home + pattern.slice(1));
  if (pattern.startsWith("./")) return open(from + pattern.slice(1));
  return open(pattern.startsWith("/") ? pattern : `**/${pattern}`);
}

/** A pattern that ends in a slash means everything below. */
const open = (pattern: ByteString): ByteString => (pattern.endsWith("/") ? `${pattern}**` : pattern);
