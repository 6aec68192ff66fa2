import type { ByteString } from "../bytes/byte-string.js";
import { PathGlob } from "./path-glob.js";

/** Which paths of a repository are asked for. */
export interface PathFilter {
  matches(path: ByteString): boolean;
  /** Can there be paths that match in this directory? */
  mayContain(directory: ByteString): boolean;
}

const EVERYTHING: PathFilter = { matches: () => true, mayContain: () => true };

/**
 * Paths as git's pathspecs name them: a file, a directory with all in it (with or without a slash at the end, `.` or nothing
 * for the root), or a {@link PathGlob} where one of `*?[\` occurs. Without git's magic: a colon stands for itself.
 * @param paths all files match unless given, or where it is empty
 */
export function pathFilter(paths?: readonly ByteString[]): PathFilter {
  if (!paths?.length) return EVERYTHING;
  const filters = paths.map(filterOf);
  if (filters.includes(EVERYTHING)) return EVERYTHING;
  const [only] = filters;
  if (only && filters.length === 1) return only;
  return {
    matches: (path) => filters.some((filter) => filter.matches(path)),
    mayContain: (directory) => filters.some((filter) => filter.mayContain(directory)),
  };
}

function filterOf(spec: ByteString): PathFilter {
  const path = spec.replace(/^(\.\/+)+/, "").replace(/\/+$/, "");
  if (path === "" || path === ".") return EVERYTHING;
  const isDirectory = spec.endsWith("/");
  const plain: PathFilter = {
    matches: (candidate) => isInside(candidate, path) || (candidate === path && !isDirectory),
    mayContain: (directory) => directory === path || isInside(directory, path) || isInside(path, directory),
  };
  const special = path.search(/[*?[\\]/);
  return special < 0 ? plain : globFilter(spec, path.slice(0, special), plain);
}

function globFilter(spec: ByteString, literalStart: ByteString, plain: PathFilter): PathFilter {
  const glob = new PathGlob(spec);
  return {
    matches: (path) => plain.matches(path) || (path.startsWith(literalStart) && glob.matches(path)),
    mayContain: (directory) => {
      const inside = `${directory}/`;
      return inside.startsWith(literalStart) || literalStart.startsWith(inside) || plain.mayContain(directory);
    },
  };
}

const isInside = (path: ByteString, directory: ByteString): boolean =>
  path.length > directory.length && path[directory.length] === "/" && path.startsWith(directory);
