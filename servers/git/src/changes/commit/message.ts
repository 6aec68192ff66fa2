import { ToolError } from "@mcp-reference/validation";
import type { ByteString } from "../../repository/bytes/byte-string.js";

/**
 * A message as git stores it: no spaces at the ends of lines, single blank lines, none at either end, and a line feed at the end.
 * @param comments "strip" drops lines that start with `#`, of a message that git prepared
 * @throws ToolError INVALID_ARGUMENT for a message that is empty or holds a NUL
 */
export function cleanMessage(message: ByteString, comments: "keep" | "strip" = "keep"): ByteString {
  if (message.includes("\0")) throw new ToolError("INVALID_ARGUMENT", "The message holds a NUL character");
  const lines = message.split("\n").map((line) => line.trimEnd());
  const kept = comments === "strip" ? lines.filter((line) => !line.startsWith("#")) : lines;
  const text = kept
    .join("\n")
    .replace(/\n{3,}/g, "\n\n")
    .replace(/^\n+|\n+$/g, "");
  if (text === "")
    throw new ToolError("INVALID_ARGUMENT", "The message is empty", { hint: "Say what the change is for" });
  return `${text}\n`;
}

/** The first paragraph in one line: what logs show. */
export const subjectOf = (message: ByteString): ByteString =>
  (/^\n*((?:.+\n?)*)/.exec(message)?.[1] ?? "").trimEnd().replace(/\s*\n\s*/g, " ");
