import { compileGlob } from "@mcp-reference/security";
import type { ProgressMeter } from "../walk/progress.js";
import type { EntryType, FileMatches, SearchResult, SearchTask } from "../walk/tasks.js";
import { TreeWalk, type WalkEntry } from "../walk/tree-walk.js";
import { isOutOfDescriptors } from "../walk/walk-directory.js";
import { compileMatcher, type LineMatcher } from "./line-matcher.js";
import { type Hit, matchingLines, withContext } from "./matching-lines.js";
import { TextReader } from "./text-reader.js";

type Counts = Pick<SearchResult, "searched" | "binary" | "tooLarge" | "hidden" | "unreadable">;

/**
 * Searches the lines of text files.
 * @throws ToolError INVALID_ARGUMENT for a bad pattern or glob.
 */
export async function searchText(task: SearchTask, progress: ProgressMeter): Promise<SearchResult> {
  return new TextSearch(task, await compileMatcher(task), progress).run();
}

class TextSearch {
  readonly #task: SearchTask;
  readonly #matcher: LineMatcher;
  readonly #progress: ProgressMeter;
  readonly #walk: TreeWalk;
  readonly #reader: TextReader;
  readonly #counts = { searched: 0, binary: 0, tooLarge: 0 };
  readonly #files: FileMatches[] = [];

  constructor(task: SearchTask, matcher: LineMatcher, progress: ProgressMeter) {
    this.#task = task;
    this.#matcher = matcher;
    this.#progress = progress;
    this.#reader = new TextReader(task.maxFileBytes, (bytes) => matcher.mayMatch(bytes));
    this.#walk = new TreeWalk(task.scope, { ...filesOf(task), from: task.after?.path, progress });
  }

  run(): SearchResult {
    // What is counted behind the last line of a page counts for the next page.
    let counts = this.#snapshot();
    for (const entry of this.#walk.entries()) {
      const text = this.#read(entry);
      if (text === undefined) continue;
      const room = this.#task.limit - this.#progress.found;
      const hits = this.#hits(entry.path, text, room + 1);
      if (hits.length === 0) continue;
      const shown = hits.slice(0, room);
      if (shown.length > 0) {
        this.#files.push({ path: entry.path, lines: withContext(text, shown, this.#matcher, this.#task) });
        this.#progress.found += shown.length;
        counts = this.#snapshot();
      }
      if (hits.length > room) return this.#result(true, counts);
    }
    return this.#result(false, this.#snapshot());
  }

  #read({ name, path }: WalkEntry): string | undefined {
    // The page before has counted the file it ended in.
    const isNew = path !== this.#task.after?.path;
    try {
      const content = this.#reader.read(this.#walk.openFile(name));
      if (isNew) this.#count(content);
      return typeof content === "object" ? content.text : undefined;
    } catch (error) {
      if (isOutOfDescriptors(error)) throw error;
      if (isNew) this.#walk.countUnreadable();
      return undefined;
    }
  }

  #count(content: ReturnType<TextReader["read"]>): void {
    if (content === "binary") this.#counts.binary++;
    else if (content === "too large") this.#counts.tooLarge++;
    else if (content !== "not a file") this.#counts.searched++;
  }

  #hits(path: string, text: string, atMost: number): Hit[] {
    const { after } = this.#task;
    const hits: Hit[] = [];
    for (const hit of matchingLines(text, this.#matcher)) {
      if (after && path === after.path && hit.number <= after.line) continue;
      hits.push(hit);
      if (hits.length === atMost) break;
    }
    return hits;
  }

  #snapshot(): Counts {
    return { ...this.#counts, ...this.#walk.omissions };
  }

  #result(more: boolean, counts: Counts): SearchResult {
    return { files: this.#files, matches: this.#progress.found, more, ...counts };
  }
}

/** Which files a task searches, as the walk wants to know it. */
function filesOf({ only, include }: SearchTask) {
  if (only !== undefined) return { wants: (path: string) => path === only, enters: () => false };
  const globs = include.map((glob) => compileGlob(glob.includes("/") ? glob : `**/${glob}`));
  const isIncluded = (path: string) => globs.length === 0 || globs.some((matches) => matches(path));
  return { wants: (path: string, type: EntryType) => type === "file" && isIncluded(path) };
}
