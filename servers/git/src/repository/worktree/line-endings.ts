import { createHash } from "node:crypto";
import { ToolError } from "@mcp-reference/validation";
import { type ByteString, textOf } from "../bytes/byte-string.js";
import { entryAt } from "../index-file/find-entry.js";
import type { Repository } from "../repository.js";
import { type Conversion, type ConversionRules, conversionOf } from "./conversion-of.js";
import { decodeText, encodeText } from "./text-encoding.js";
import { textStatistics } from "./text-statistics.js";

/**
 * The content of a worktree file as git stores it: in UTF-8, with the line ends that attributes and settings ask for, `$Id$` not
 * expanded.
 * @throws ToolError UNSUPPORTED where a filter such as git-lfs would have to run, or for an encoding that is not known
 */
export function toRepository(repo: Repository, path: ByteString, content: Buffer): Buffer {
  const conversion = conversionOf(repo, path);
  if (conversion.filter) throw needsFilter(path);
  let result = conversion.encoding && content.length > 0 ? decodeText(content, conversion.encoding) : content;
  result = withLineFeeds(repo, path, result, conversion);
  return conversion.ident ? replaced(result, EXPANDED_IDENT, () => "$Id$") : result;
}

/** The content of a blob as it is checked out: the other way round. @throws ToolError as {@link toRepository} */
export function toWorktree(rules: ConversionRules, path: ByteString, content: Buffer): Buffer {
  const conversion = conversionOf(rules, path);
  if (conversion.filter) throw needsFilter(path);
  let result = conversion.ident ? expandIdent(content) : content;
  if (needsCrlf(result, conversion)) result = replaced(result, NAKED_LF, () => "\r\n");
  return conversion.encoding && result.length > 0 ? encodeText(result, conversion.encoding) : result;
}

const NAKED_LF = /(?<!\r)\n/g;
const CRLF = /\r\n/g;
const EXPANDED_IDENT = /\$Id:[^$\n]*\$/g;
/** With or without what stands for the object's id; other systems write several words there, which are left alone. */
const ANY_IDENT = /\$Id(?::(?:[^$\n][^$\n ]* ?)?)?\$/g;

function withLineFeeds(repo: Repository, path: ByteString, content: Buffer, { text }: Conversion): Buffer {
  if (text === "none" || !content.includes("\r\n")) return content;
  if (text === "auto" && (textStatistics(content).looksBinary || isStoredWithCrlf(repo, path))) return content;
  return replaced(content, CRLF, () => "\n");
}

/** A file that was committed with CRLF keeps them, unless it is declared to be text: its history stays readable. */
function isStoredWithCrlf(repo: Repository, path: ByteString): boolean {
  const { entries } = repo.index();
  const entry = entryAt(entries, path, 0) ?? entryAt(entries, path, 2);
  if (entry === undefined || !repo.objects.has(entry.oid)) return false;
  const { crlf, looksBinary } = textStatistics(repo.objects.blob(entry.oid));
  return crlf > 0 && !looksBinary;
}

function needsCrlf(content: Buffer, { text, lineEnd }: Conversion): boolean {
  if (text === "none" || lineEnd !== "crlf" || content.length === 0) return false;
  const { crlf, loneCr, loneLf, looksBinary } = textStatistics(content);
  return loneLf > 0 && (text === "always" || (crlf === 0 && loneCr === 0 && !looksBinary));
}

function expandIdent(content: Buffer): Buffer {
  if (!content.includes("$Id")) return content;
  const oid = createHash("sha1").update(`blob ${content.length}\0`).update(content).digest("hex");
  return replaced(content, ANY_IDENT, () => `$Id: ${oid} $`);
}

const replaced = (content: Buffer, pattern: RegExp, by: () => string): Buffer =>
  Buffer.from(content.toString("latin1").replace(pattern, by), "latin1");

const needsFilter = (path: ByteString): ToolError =>
  new ToolError(
    "UNSUPPORTED",
    `A filter driver converts ${textOf(path)} (filter= in .gitattributes); this server runs none`,
    {
      hint: "Use git itself for this file",
    },
  );
