import { ToolError } from "@mcp-reference/validation";
import type { FilePatch } from "./file-patch.js";

const ESCAPES: Record<string, number> = { a: 7, b: 8, t: 9, n: 10, v: 11, f: 12, r: 13, '"': 34, "\\": 92 };

/** A name after `---` or `+++`: quoted as in C, or everything up to a tab, which a time stamp follows. */
export function parseName(field: string): string | null {
  const name = field.startsWith('"') ? unquote(field).name : (field.split("\t", 1)[0] ?? "");
  return name === "/dev/null" ? null : name;
}

/** `diff --git a/x b/x`: only names that are equal can be told apart there; for others git adds further headers. */
export function parseGitHeader(line: string): Pick<FilePatch, "oldName" | "newName"> {
  const names = line.slice("diff --git ".length);
  if (names.startsWith('"')) {
    const { name, rest } = unquote(names);
    return { oldName: name, newName: parseName(rest.slice(1)) };
  }
  const half = (names.length - 1) / 2;
  const [oldName, newName] = [names.slice(0, half), names.slice(half + 1)];
  return oldName.slice(2) === newName.slice(2) ? { oldName, newName } : { oldName: undefined, newName: undefined };
}

/** Reads `"…"` with the escapes of C; octal ones are bytes of UTF-8. */
function unquote(quoted: string): { name: string; rest: string } {
  const end = /^"((?:[^"\\]|\\.)*)"/.exec(quoted);
  if (!end) throw new ToolError("INVALID_ARGUMENT", `a name in the patch has no closing quote: ${quoted.slice(0, 99)}`);
  const pieces = [...(end[1] ?? "").matchAll(/\\([0-7]{3}|.)|[^\\]+/gs)].map(([piece, code]) => {
    if (code === undefined) return Buffer.from(piece);
    return Buffer.of(code.length === 3 ? Number.parseInt(code, 8) : (ESCAPES[code] ?? code.charCodeAt(0)));
  });
  return { name: Buffer.concat(pieces).toString(), rest: quoted.slice(end[0].length) };
}

/**
 * The path a patch means.
 * @param strip leading components to leave out, as `patch -p`; by default git's `a/` and `b/` where both sides have them
 * @throws ToolError INVALID_ARGUMENT when nothing is left of a name
 */
export function stripNames(
  file: FilePatch,
  strip: number | undefined,
): { oldPath: string | null; newPath: string | null } {
  const { oldName = null, newName = null, relation } = file;
  if (relation) {
    const count = Math.max(0, (strip ?? 1) - 1);
    return { oldPath: stripName(relation.from, count), newPath: stripName(relation.to, count) };
  }
  const count = strip ?? (isPrefixed(oldName, "a/") && isPrefixed(newName, "b/") ? 1 : 0);
  return { oldPath: stripName(oldName, count), newPath: stripName(newName, count) };
}

const isPrefixed = (name: string | null, prefix: string) => name === null || name.startsWith(prefix);

function stripName(name: string | null, count: number): string | null {
  if (name === null || count === 0) return name;
  const path = name.split(/\/+/).slice(count).join("/");
  if (path !== "") return path;
  throw new ToolError("INVALID_ARGUMENT", `strip ${count} leaves nothing of ${JSON.stringify(name)}`);
}
