import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";

/** Few enough to be one page of any server's results: the walk is measured, not the paging. */
export const MARKDOWN_FILES = 50;

/** Makes 100,000 small files in 1,000 directories, three deep, some of them Markdown, and gives the root back. */
export function makeFileTree(root: string): string {
  for (let directory = 0; directory < 1000; directory += 1) {
    const [a, b, c] = String(directory).padStart(3, "0");
    const folder = join(root, `a${a}`, `b${b}`, `c${c}`);
    mkdirSync(folder, { recursive: true });
    for (let file = 0; file < 100; file += 1) {
      const extension = file === 0 && directory < MARKDOWN_FILES ? "md" : "txt";
      writeFileSync(join(folder, `note-${file}.${extension}`), `${directory}/${file}\n`);
    }
  }
  return root;
}

/** Makes a text file of numbered lines of 100 bytes, and gives its path back. */
export function makeTextFile(path: string, lines: number): string {
  const file = openSync(path, "w");
  for (let first = 0; first < lines; first += 10_000) {
    const count = Math.min(10_000, lines - first);
    const text = Array.from({ length: count }, (_, index) => `${first + index} `.padEnd(99, "abcdefg "));
    writeSync(file, `${text.join("\n")}\n`);
  }
  closeSync(file);
  return path;
}
