import type { Stats } from "node:fs";
import { digest, ToolError } from "@mcp-reference/validation";

/**
 * Names one state of a file: other content has another etag. Made of inode, size and time of change, not of the
 * content, so it costs no reading; every write of this server makes a new inode.
 */
export const etagOf = ({ ino, size, mtimeMs }: Stats) => digest([ino, size, mtimeMs]);

/**
 * Refuses to go on when a file is no longer what the caller knows.
 * @param current `lstat` of the file, or undefined when it is gone
 * @throws ToolError CONFLICT
 */
export function requireEtag(path: string, expected: string, current: Stats | undefined): void {
  if (current && etagOf(current) === expected) return;
  throw new ToolError("CONFLICT", `${JSON.stringify(path)} ${current ? "was changed" : "is gone"} since it was read`, {
    hint: "Read it again and repeat the change on what it holds now",
    details: current && { etag: etagOf(current) },
  });
}
