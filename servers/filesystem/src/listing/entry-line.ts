import { readlink } from "node:fs/promises";
import path from "node:path";
import { errnoOf, type OpenDirectory, type PathSandbox } from "@mcp-reference/security";
import { isoTime } from "./iso-time.js";
import { oneLine } from "./one-line.js";
import type { DirectoryEntry } from "./read-directory.js";
import { statBehind } from "./stat-behind.js";

/** What a line tells besides kind and name. */
export interface Columns {
  readonly size?: boolean | undefined;
  readonly modified?: boolean | undefined;
}

const TAGS = { file: "[FILE]", directory: "[DIR]", link: "[LINK]", other: "[OTHER]" };

/** Links that are resolved at a time: each holds a descriptor or two while it is. */
const LINKS_AT_ONCE = 32;

/** Where the entries are. */
interface Surroundings {
  readonly sandbox: PathSandbox;
  readonly directory: OpenDirectory;
}

/** Lines such as `[FILE] a.txt`, `[DIR] src` and, where the link stays inside, `[LINK] latest -> releases/2/`. */
export async function entryLines(
  entries: readonly DirectoryEntry[],
  columns: Columns,
  surroundings: Surroundings,
): Promise<string[]> {
  const lines: string[] = [];
  while (lines.length < entries.length) {
    const batch = entries.slice(lines.length, lines.length + LINKS_AT_ONCE);
    lines.push(...(await Promise.all(batch.map((entry) => entryLine(entry, columns, surroundings)))));
  }
  return lines;
}

async function entryLine(entry: DirectoryEntry, columns: Columns, surroundings: Surroundings): Promise<string> {
  const target = entry.type === "link" ? await linkTarget(surroundings, entry.name) : undefined;
  const arrow = target === undefined ? "" : ` -> ${oneLine(target)}`;
  return `${TAGS[entry.type]} ${oneLine(entry.name)}${arrow}${columnsOf(entry, columns)}`;
}

/**
 * Where a link leads as it is written, `/` added for a directory; nothing for one that leads outside or nowhere. What
 * is judged is the text that is shown: the link itself may be another one a moment later.
 */
async function linkTarget({ sandbox, directory }: Surroundings, name: string): Promise<string | undefined> {
  const target = await readlinkIfAny(directory.at(name));
  const behind = target && (await statBehind(sandbox, path.resolve(directory.path, target)));
  if (!behind) return undefined;
  return behind.isDirectory() && !target.endsWith("/") ? `${target}/` : target;
}

/** Somebody may have taken the link away meanwhile. */
const readlinkIfAny = (link: string) =>
  readlink(link).catch((error) => (errnoOf(error) === undefined ? Promise.reject(error) : undefined));

/** The columns of an entry, each two spaces after what is before it; `-` stands for what says nothing. */
function columnsOf({ size, mtimeMs }: DirectoryEntry, columns: Columns): string {
  const cells = [
    columns.size && (size === undefined ? "-" : formatSize(size)),
    columns.modified && ((mtimeMs !== undefined && isoTime(mtimeMs)) || "-"),
  ];
  return cells.flatMap((cell) => (cell ? [`  ${cell}`] : [])).join("");
}

const UNITS = ["B", "KB", "MB", "GB", "TB"];

/** `1536` → `1.50 KB`, in multiples of 1,024 as the official server writes them. */
export function formatSize(bytes: number): string {
  let amount = bytes;
  let unit = 0;
  while (amount >= 1024 && unit < UNITS.length - 1) {
    amount /= 1024;
    unit++;
  }
  return unit === 0 ? `${bytes} B` : `${amount.toFixed(2)} ${UNITS[unit]}`;
}
