import { blob, blocks, reads, text } from "@mcp-reference/runtime";
import { lineNumber, ToolError } from "@mcp-reference/validation";
import * as z from "zod";
import { tool } from "../define.js";
import { path, repoPath, revision } from "../fields.js";
import { fileAt } from "../reading/revisions/file-at.js";
import { textOfFile } from "../reading/revisions/text-of-file.js";
import { REPLACED } from "../reading/shown-text.js";

export const gitReadFile = tool({
  name: "git_read_file",
  description: "Read a file as it was at a revision, whole or some of its lines.",
  effect: reads(),
  set: "read",
  input: z.strictObject({
    repo_path: repoPath,
    path,
    revision: revision.default("HEAD"),
    start_line: lineNumber.optional().describe("First line, from 1"),
    end_line: lineNumber.optional().describe("Last line"),
  }),
  handle({ repo_path, path, revision, start_line, end_line }, { repositories, maxOutput, maxMedia }) {
    if ((start_line ?? 1) > (end_line ?? Number.POSITIVE_INFINITY)) {
      throw new ToolError("INVALID_ARGUMENT", `start_line ${start_line} is behind end_line ${end_line}`);
    }
    const repo = repositories.open(repo_path);
    const { oid, size } = fileAt(repo, revision, path);
    if (size > maxMedia) throw tooLarge(path, size, maxMedia);
    const content = repo.objects.blob(oid);
    const file = textOfFile(content);
    if (file === undefined) return blocks(blob(`git:${oid}`, content, "application/octet-stream"));
    const { body, note } = linesOf(file.text, start_line, end_line);
    const bytes = Buffer.byteLength(body);
    if (bytes > maxOutput) throw tooLarge(path, bytes, maxOutput);
    return text(body, [note, file.replaced && REPLACED].filter(Boolean).join(" "));
  },
});

/** Lines with their ends, and which of all they are. */
function linesOf(body: string, from = 1, to = Number.POSITIVE_INFINITY): { body: string; note: string | undefined } {
  if (from === 1 && to === Number.POSITIVE_INFINITY) return { body, note: undefined };
  const lines = body.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  if (from > lines.length) return { body: "", note: `The file has ${lines.length} lines.` };
  const last = Math.min(to, lines.length);
  return { body: lines.slice(from - 1, last).join(""), note: `Lines ${from}–${last} of ${lines.length}.` };
}

const tooLarge = (path: string, size: number, most: number) =>
  new ToolError("TOO_LARGE", `${path} has ${size} bytes, and a result holds ${most}`, {
    hint: "Ask for fewer lines with start_line and end_line, or raise --max-output",
  });
