import { ToolError } from "@mcp-reference/validation";
import { LockFile } from "../refs/lock-file.js";
import type { Repository } from "../repository.js";
import { ConfigText } from "./config-text.js";
import { parseConfig } from "./parse-config.js";

const MOST_BYTES = 1024 ** 2;
const PATIENCE_MS = 1000;

/**
 * Changes the repository's config under git's own lock, whole or not at all.
 * @throws ToolError CONFLICT when it is locked; INVALID_ARGUMENT when it cannot be parsed, before or after
 */
export function editConfig(repo: Repository, change: (text: ConfigText) => void): void {
  const { commonDir } = repo.layout;
  const lock = LockFile.take(commonDir, "config", PATIENCE_MS);
  try {
    const before = commonDir.read("config", MOST_BYTES)?.toString("latin1") ?? "";
    if (before.includes("\r")) throw new ToolError("UNSUPPORTED", "the repository's config has CRLF line endings");
    parseConfig(before, "config");
    const text = new ConfigText(before);
    change(text);
    const after = text.toString();
    parseConfig(after, "config");
    lock.write(Buffer.from(after, "latin1"));
    lock.commit();
  } finally {
    lock.release();
  }
  repo.refresh();
}
