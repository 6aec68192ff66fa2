import { type ByteString, textOf } from "../bytes/byte-string.js";

/** Characters that HFS+ does not see in a name. */
const IGNORED_BY_HFS = /[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g;

/** Short names that NTFS makes of `.git`, and of `.git` again should that be taken. */
const NTFS_SHORT_NAME = /^git~[0-9]+$/i;

/**
 * Why a name must not become a file: it would leave its directory, or some file system takes it for `.git`, where a
 * file from a hostile repository would be obeyed. Undefined for a name that may. The same names are refused on every system, so
 * that a repository made on one can be checked out on another.
 */
export function treeNameProblem(name: ByteString): string | undefined {
  if (name === "") return "is empty";
  if (name === "." || name === "..") return "is not the name of a file";
  if (name.includes("/")) return "has a slash in it";
  if (name.includes("\0")) return "has a NUL in it";
  // Windows takes a backslash for a slash.
  const onWindows = name.split("\\");
  if (onWindows.includes("..")) return "would leave its directory on Windows";
  if (onWindows.some(isDotGit)) return "would be taken for .git";
  return undefined;
}

function isDotGit(name: ByteString): boolean {
  if (/^\.git$/i.test(textOf(name).replace(IGNORED_BY_HFS, ""))) return true;
  // Windows drops dots and blanks at the end of a name, and what follows a colon is a stream of the same file.
  const bare = name.replace(/:.*$/s, "").replace(/[. ]+$/, "");
  return /^\.git$/i.test(bare) || NTFS_SHORT_NAME.test(bare);
}
