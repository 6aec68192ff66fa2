import { ToolError } from "@mcp-reference/validation";
import type { FilePatch, HunkLine } from "./file-patch.js";
import { parseGitHeader, parseName } from "./patch-names.js";

/**
 * Reads a unified diff of one or several files, plain or from git. Line counts in hunk headers are taken as hints, since
 * people and models miscount: a hunk ends where its lines end. Names are taken as they are.
 * @throws ToolError INVALID_ARGUMENT for text that is no patch
 */
export function parsePatch(patch: string): FilePatch[] {
  const reader = new PatchReader(patch.split("\n"));
  const files = reader.read();
  if (files.length > 0) return files;
  throw new ToolError(
    "INVALID_ARGUMENT",
    "patch names no file: there is no line that begins with --- followed by one with +++",
    { hint: HINT },
  );
}

const HINT = "Send a unified diff, as diff -u or git diff print it";

class PatchReader {
  readonly #files: FilePatch[] = [];
  #at = 0;

  constructor(private readonly lines: readonly string[]) {}

  read(): FilePatch[] {
    while (this.#at < this.lines.length) {
      const line = this.#header();
      if (line.startsWith("diff --git ")) this.#readGitHeader(line);
      else if (this.#isFileHeader()) this.#readFileHeader();
      else if (line.startsWith("@@")) this.#readHunk(line);
      else if (this.#isStray(line)) throw this.#broken("changes something outside any hunk");
      else this.#at++; // prose, index lines, signatures
    }
    return this.#files;
  }

  /** The present line as a header: a patch sent with CRLF newlines has them here too. */
  #header(ahead = 0): string {
    return (this.lines[this.#at + ahead] ?? "").replace(/\r$/, "");
  }

  #isFileHeader(): boolean {
    return this.#header().startsWith("--- ") && this.#header(1).startsWith("+++ ");
  }

  #isStray(line: string): boolean {
    return (this.#files.at(-1)?.hunks.length ?? 0) > 0 && /^[-+]/.test(line) && line !== "-- ";
  }

  #readGitHeader(line: string): void {
    const file: FilePatch = { ...parseGitHeader(line), hunks: [] };
    this.#files.push(file);
    for (this.#at++; this.#at < this.lines.length; this.#at++) {
      const extended = this.#header();
      if (this.#isFileHeader()) {
        this.#readNames(file);
        return;
      }
      if (extended.startsWith("diff --git ") || extended.startsWith("@@")) return;
      readExtendedHeader(extended, file);
    }
  }

  #readFileHeader(): void {
    const file: FilePatch = { hunks: [] };
    this.#files.push(file);
    this.#readNames(file);
  }

  #readNames(file: FilePatch): void {
    file.oldName = parseName(this.#header().slice(4));
    file.newName = parseName(this.#header(1).slice(4));
    this.#at += 2;
  }

  #readHunk(header: string): void {
    const file = this.#files.at(-1);
    if (!file) throw this.#broken("begins a hunk before any file is named");
    const [, start, oldCount = "1", newCount = "1"] = /^@@ -(\d+)(?:,(\d+))? \+\d+(?:,(\d+))? @@/.exec(header) ?? [];
    const counted = start !== undefined;
    const left = { old: counted ? Number(oldCount) : 0, new: counted ? Number(newCount) : 0 };
    const lines: HunkLine[] = [];
    for (this.#at++; this.#at < this.lines.length && !this.#endsHunk(left); this.#at++) {
      addLine(lines, this.lines[this.#at] ?? "", left);
    }
    if (isMissing(left)) dropLastBlanks(lines);
    const onlyAdds = lines.every(({ sign }) => sign === "+");
    const placed = counted && (!onlyAdds || oldCount === "0");
    // A hunk without old lines is numbered by the line before it.
    file.hunks.push({ header, lines, oldStart: placed ? Number(start) + (oldCount === "0" ? 1 : 0) : undefined });
  }

  #endsHunk(left: LinesLeft): boolean {
    const line = this.lines[this.#at] ?? "";
    if (line.startsWith("\\")) return false;
    if (/^@@|^diff --git /.test(line)) return true;
    if (this.#isFileHeader() && !this.#isCounted(left)) return true;
    if (line === "" || line === "\r") return !isMissing(left) || this.#at === this.lines.length - 1; // editors strip lone blanks
    if (!isMissing(left) && /^-- \r?$/.test(line)) return true; // the signature of a mailed patch
    if (/^[-+ ]/.test(line)) return false;
    if (isMissing(left)) throw this.#broken("is in a hunk but begins with neither a space nor + nor -");
    return true;
  }

  /** Whether what looks like the header of a file is a removed and an added line that the hunk's counts still lack. */
  #isCounted(left: LinesLeft): boolean {
    if (!this.#header(2).startsWith("@@")) return isMissing(left);
    return left.old === 1 && left.new === 1;
  }

  #broken(problem: string): ToolError {
    return new ToolError("INVALID_ARGUMENT", `line ${this.#at + 1} of the patch ${problem}`, { hint: HINT });
  }
}

/** Lines that a hunk's header promises and that have not come yet. */
interface LinesLeft {
  old: number;
  new: number;
}

const isMissing = (left: LinesLeft) => left.old > 0 || left.new > 0;

function addLine(lines: HunkLine[], line: string, left: LinesLeft): void {
  if (line.startsWith("\\")) {
    const last = lines.at(-1);
    if (last) last.text = last.text.replace(/\n$/, "");
    return;
  }
  const sign = line.startsWith("-") ? "-" : line.startsWith("+") ? "+" : " ";
  lines.push({ sign, text: `${line.slice(line.startsWith(sign) ? 1 : 0)}\n` });
  if (sign !== "+") left.old--;
  if (sign !== "-") left.new--;
}

/** Where a header counts too many lines, blank ones after the hunk were taken for its context. */
function dropLastBlanks(lines: HunkLine[]): void {
  while (lines.at(-1)?.sign === " " && lines.at(-1)?.text.trim() === "") lines.pop();
}

function readExtendedHeader(line: string, file: FilePatch): void {
  const [, kind, end, name] = /^(rename|copy) (from|to) (.*)$/.exec(line) ?? [];
  if (name !== undefined && (kind === "rename" || kind === "copy")) {
    file.relation = {
      from: "",
      to: "",
      ...file.relation,
      kind,
      [end === "from" ? "from" : "to"]: parseName(name) ?? "",
    };
  }
  if (line.startsWith("new file mode ")) file.oldName = null;
  if (line.startsWith("deleted file mode ")) file.newName = null;
  if (/^new (file )?mode 100755$/.test(line)) file.executable = true;
  if (/^new mode 100644$/.test(line)) file.executable = false;
  if (/mode 120000$|^index .* 120000$/.test(line)) file.unsupported = "a symbolic link";
  if (/mode 160000$|^index .* 160000$/.test(line)) file.unsupported = "a submodule";
  if (/^GIT binary patch|^Binary files /.test(line)) file.unsupported = "a binary file";
}
