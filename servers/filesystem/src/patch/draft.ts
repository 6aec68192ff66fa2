import type { PathSandbox } from "@mcp-reference/security";
import { ToolError } from "@mcp-reference/validation";
import { notUtf8 } from "../edit/edit-file.js";
import { openDocument } from "../text/document.js";
import { countNewlines } from "../text/newlines.js";
import { type FileContent, readContent } from "../write/file-content.js";
import { applyHunks, type Rejection } from "./apply-hunks.js";
import type { FilePatch, Hunk } from "./file-patch.js";
import { stripNames } from "./patch-names.js";

/** What became, or is to become, of one file. */
export interface FileChange {
  change: "created" | "modified" | "deleted" | "renamed" | "copied";
  path: string;
  /** Where a renamed or copied file comes from. */
  from?: string | undefined;
  added: number;
  removed: number;
  /** Hunks that fitted only at another line than they said. */
  moved: number;
}

/** A file as it is on disk, and as it is to be; undefined stands for no file. */
export interface Draft {
  path: string;
  before: FileContent | undefined;
  after: Buffer | undefined;
  /** Permission bits of a file that comes from another one. */
  mode?: number | undefined;
  /** Whether it becomes a program, or is one no more. */
  executable?: boolean | undefined;
}

/** Lines are held one by one while hunks are fitted. */
const MAX_LINES = 1_000_000;

/** The files of a patch, changed in memory only. */
export class Drafts {
  readonly changes: FileChange[] = [];
  readonly rejected: (Rejection & { path: string })[] = [];
  readonly #drafts = new Map<string, Draft>();

  constructor(
    private readonly sandbox: PathSandbox,
    private readonly signal: AbortSignal,
  ) {}

  /** Drafts that differ from what is on disk. */
  get changed(): Draft[] {
    return [...this.#drafts.values()].filter(
      ({ before, after, executable }) => before?.bytes !== after || executable !== undefined,
    );
  }

  /** @throws ToolError when the patch asks for what cannot be done at all; hunks that do not fit are collected */
  async apply(file: FilePatch, strip: number | undefined): Promise<void> {
    const { oldPath, newPath } = stripNames(file, strip);
    const { relation, unsupported } = file;
    if (unsupported) throw new ToolError("UNSUPPORTED", `the patch changes ${unsupported}: ${newPath ?? oldPath}`);
    if (oldPath === null && newPath !== null) return this.#create(newPath, file);
    if (newPath === null && oldPath !== null) return this.#delete(oldPath, file);
    if (newPath === null || oldPath === null)
      throw new ToolError("INVALID_ARGUMENT", "the patch has a file without a name");
    if (relation) return this.#relate(oldPath, newPath, relation.kind, file);
    const target = newPath === oldPath || (await this.#load(newPath)).after ? newPath : oldPath;
    const draft = await this.#existing(target);
    this.#patch(draft, draft.after, file, { change: "modified", path: target });
  }

  async #create(path: string, file: FilePatch): Promise<void> {
    this.#patch(await this.#free(path), Buffer.alloc(0), file, { change: "created", path });
  }

  async #delete(path: string, file: FilePatch): Promise<void> {
    const draft = await this.#existing(path);
    const fits = this.#patch(draft, draft.after, file, { change: "deleted", path });
    if (fits && file.hunks.length > 0 && draft.after && draft.after.length > 0) {
      throw new ToolError("CONFLICT", `the patch deletes ${JSON.stringify(path)} but not all of its lines`);
    }
    draft.after = undefined;
  }

  async #relate(from: string, path: string, relation: "rename" | "copy", file: FilePatch): Promise<void> {
    const source = await this.#existing(from);
    const target = await this.#free(path);
    this.#patch(target, source.after, file, { change: relation === "rename" ? "renamed" : "copied", path, from });
    target.mode = source.before?.stats.mode ?? source.mode;
    if (relation === "rename") source.after = undefined;
  }

  /** @returns whether all hunks fit */
  #patch(
    draft: Draft,
    base: Buffer | undefined,
    { hunks, executable }: FilePatch,
    change: Pick<FileChange, "change" | "path" | "from">,
  ): boolean {
    const lines = hunks.flatMap((hunk) => hunk.lines);
    const count = (sign: string) => lines.filter((line) => line.sign === sign).length;
    const patched =
      hunks.length > 0 && base ? patchBytes(draft.path, base, hunks) : { bytes: base, rejected: [], moved: 0 };
    draft.after = patched.bytes;
    draft.executable = executable;
    this.rejected.push(...patched.rejected.map((rejection) => ({ ...rejection, path: draft.path })));
    this.changes.push({ ...change, added: count("+"), removed: count("-"), moved: patched.moved });
    return patched.rejected.length === 0;
  }

  async #existing(path: string): Promise<Draft> {
    const draft = await this.#load(path);
    if (draft.after) return draft;
    throw new ToolError("NOT_FOUND", `${JSON.stringify(path)}, which the patch changes, does not exist`, {
      hint: "Check the names in the patch; strip leaves out leading directories",
    });
  }

  async #free(path: string): Promise<Draft> {
    const draft = await this.#load(path);
    if (!draft.after) return draft;
    throw new ToolError("ALREADY_EXISTS", `${JSON.stringify(path)}, which the patch creates, already exists`);
  }

  async #load(path: string): Promise<Draft> {
    const known = this.#drafts.get(path);
    if (known) return known;
    const before = await this.#read(path);
    const draft: Draft = { path, before, after: before?.bytes };
    this.#drafts.set(path, draft);
    return draft;
  }

  async #read(path: string): Promise<FileContent | undefined> {
    try {
      return await readContent(this.sandbox, path, this.signal);
    } catch (error) {
      if (error instanceof ToolError && error.code === "NOT_FOUND") return undefined;
      throw error;
    }
  }
}

function patchBytes(path: string, base: Buffer, hunks: readonly Hunk[]) {
  const document = openDocument(base, path);
  if (countNewlines(document.text) > MAX_LINES) {
    throw new ToolError("TOO_LARGE", `${JSON.stringify(path)} has more than ${MAX_LINES} lines, too many to patch`);
  }
  const added = hunks.flatMap(({ lines }) => lines.filter(({ sign }) => sign === "+"));
  if (!added.every(({ text }) => document.accepts(text))) throw notUtf8(path);
  const { text, rejected, moved } = applyHunks(document.text, hunks);
  return { bytes: document.encode(text), rejected, moved };
}
