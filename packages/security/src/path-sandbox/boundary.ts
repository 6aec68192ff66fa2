import path from "node:path";
import { ToolError } from "@mcp-reference/validation";
import { foldName } from "./fold-name.js";
import { hiddenSecret, outsideRoot, quote } from "./refusals.js";
import type { SecretPolicy } from "./secret-policy.js";
import type { Root } from "./types.js";
import { windowsNameProblem } from "./windows-names.js";

/** As deep as a path can be: Linux takes 4,096 bytes, so 2,048 names. It bounds the work one call can ask for. */
export const MAX_DEPTH = 2048;

/** A root and the names below it; none for the root itself. */
export interface Location {
  readonly root: Root;
  readonly below: readonly string[];
}

/** A path as its user wrote it, and what it means as text: links are not resolved yet. */
export interface AskedPath {
  readonly input: string;
  readonly location: Location;
}

/** Decides by text alone which paths are inside and which of those are hidden. */
export class Boundary {
  readonly roots: readonly Root[];
  readonly #policy: SecretPolicy;

  constructor(roots: readonly Root[], policy: SecretPolicy) {
    this.roots = roots;
    this.#policy = policy;
  }

  /**
   * Reads a path given by a caller; nothing on disk is touched.
   * @throws ToolError INVALID_ARGUMENT, OUTSIDE_ROOT, PERMISSION_DENIED (secret)
   */
  ask(input: string): AskedPath {
    checkText(input);
    const [first] = this.roots;
    const location = first && this.locate(path.resolve(first.path, input));
    if (!location) throw outsideRoot(input, this.roots);
    if (location.below.length > MAX_DEPTH) throw new ToolError("INVALID_ARGUMENT", `${quote(input)} is too deep`);
    if (process.platform === "win32") checkWindowsNames(input, location.below);
    this.guard(input, location);
    return { input, location };
  }

  /** The longest root that holds an absolute, normalised path, whether written with the root's path or its alias. */
  locate(absolute: string): Location | undefined {
    const written = longest(this.roots, absolute, (root) => [root.path, root.alias]);
    // An alias may hide that a longer root lies on the way: look again at the path it stands for.
    return written && longest(this.roots, pathOf(written), (root) => [root.path]);
  }

  /**
   * The read-only root a resolved path must not be written in, if any. Names that differ only where some file systems see
   * no difference count as one: `RO/f` may well be in the root `ro`.
   */
  readOnlyRoot(resolved: string): Root | undefined {
    const root = longest(this.roots, foldPath(resolved), (candidate) => [foldPath(candidate.path)])?.root;
    return root?.writable ? undefined : root;
  }

  /** Whether a root lies at or below a resolved path. */
  holdsRoot(resolved: string): boolean {
    return this.roots.some((root) => namesBelow(resolved, root.path));
  }

  /** @throws ToolError PERMISSION_DENIED when the secrets policy hides the location. */
  guard(input: string, location: Location): void {
    if (this.#policy.hides(policyPathOf(location))) throw hiddenSecret(input);
  }
}

export const pathOf = ({ root, below }: Location) => path.join(root.path, ...below);

export const policyPathOf = ({ root, below }: Location) =>
  (root.policyPath === "" ? below : [root.policyPath, ...below]).join("/");

const foldPath = (absolute: string) => absolute.split(path.sep).map(foldName).join(path.sep);

/** The names that lead from `base` down to `target` (both absolute), or undefined when it is not below. */
export function namesBelow(base: string, target: string): string[] | undefined {
  const relative = path.relative(base, target);
  if (relative === "") return [];
  const names = relative.split(path.sep);
  return names[0] === ".." || path.isAbsolute(relative) ? undefined : names;
}

function longest(roots: readonly Root[], target: string, bases: (root: Root) => string[]): Location | undefined {
  let best: Location | undefined;
  for (const root of roots) {
    for (const base of bases(root)) {
      const below = namesBelow(base, target);
      if (below && (!best || below.length < best.below.length)) best = { root, below };
    }
  }
  return best;
}

function checkText(input: string): void {
  if (input === "") throw new ToolError("INVALID_ARGUMENT", "path is empty");
  if (input.includes("\0")) throw new ToolError("INVALID_ARGUMENT", `${quote(input)} contains a null byte`);
  // Half a surrogate pair has no UTF-8: the system would be asked for another name than the one checked.
  if (/\p{Surrogate}/u.test(input)) throw new ToolError("INVALID_ARGUMENT", `${quote(input)} is not valid Unicode`);
}

function checkWindowsNames(input: string, names: readonly string[]): void {
  for (const name of names) {
    const problem = windowsNameProblem(name);
    if (problem) throw new ToolError("INVALID_ARGUMENT", `${quote(input)}: ${quote(name)} ${problem}`);
  }
}
