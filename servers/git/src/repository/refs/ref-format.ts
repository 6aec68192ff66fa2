import type { ByteString } from "../bytes/byte-string.js";

/** What git keeps out of names: controls, space, and what revisions and globs are written with. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for.
const FORBIDDEN = /[\u0000-\u0020\u007f~^:?*[\\]/;

/** Bytes of one component: the name of its lock file, five longer, must fit into 255. */
const LONGEST_COMPONENT = 250;
const LONGEST_NAME = 1024;

/**
 * Why this cannot be the name of a ref, in words that complete "the name …"; undefined where it can. Git's own rules (of
 * `git check-ref-format --allow-onelevel`, and no branch or tag that begins with "-"), so it takes full and short names.
 */
export function refNameProblem(name: ByteString): string | undefined {
  if (name === "") return "is empty";
  if (name.length > LONGEST_NAME) return `is longer than ${LONGEST_NAME} bytes`;
  if (name === "@") return 'is "@", which stands for HEAD';
  if (FORBIDDEN.test(name)) return "has a space, a control character or one of ~ ^ : ? * [ \\";
  if (name.includes("..")) return 'has ".." in it';
  if (name.includes("@{")) return 'has "@{" in it';
  if (name.endsWith(".")) return 'ends with "."';
  if (/^(refs\/(heads|tags)\/)?-/.test(name)) return 'begins with "-"';
  return name.split("/").map(componentProblem).find(Boolean);
}

function componentProblem(component: string): string | undefined {
  if (component === "") return 'begins or ends with "/", or has "//" in it';
  if (component.startsWith(".")) return 'has a component that begins with "."';
  if (component.endsWith(".lock")) return 'has a component that ends with ".lock"';
  if (component.length > LONGEST_COMPONENT) return `has a component longer than ${LONGEST_COMPONENT} bytes`;
  return undefined;
}

/** `HEAD`, `MERGE_HEAD` and their like, which lie beside the index rather than under `refs/`. */
export const isRootRef = (name: ByteString): boolean => /^[A-Z][A-Z_]*$/.test(name);

/** May a file of this name be read or written as a ref? */
export const isRefName = (name: ByteString): boolean =>
  isRootRef(name) || (name.startsWith("refs/") && refNameProblem(name) === undefined);
