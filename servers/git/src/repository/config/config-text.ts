import type { ByteString } from "../bytes/byte-string.js";

/** A section of a config file: `[name]` or `[name "sub"]`. */
export interface Section {
  readonly name: string;
  readonly subsection: ByteString;
}

const HEADER = /^\s*\[\s*([\w.-]+)\s+"((?:[^"\\\n]|\\.)*)"\s*\](.*)$/;
const ANY_HEADER = /^\s*\[/;
const KEY = /^\s*([A-Za-z][\w-]*)\s*(?:=|$|[#;])/;

/** The lines of a config file while they are changed; comments and everything else stay as they are. */
export class ConfigText {
  #lines: ByteString[];

  constructor(text: ByteString) {
    this.#lines = text === "" ? [] : text.replace(/\n$/, "").split("\n");
  }

  /** Sets the only value of a key, where it is, or in a section that is made where there is none. */
  set(section: Section, key: string, value: ByteString): void {
    const at = this.unset(section, key);
    if (at === undefined) this.add(section, key, value);
    else this.#lines.splice(at, 0, lineOf(key, value));
  }

  /** Adds one more value. */
  add(section: Section, key: string, value: ByteString): void {
    const line = lineOf(key, value);
    const last = this.#rangesOf(section).at(-1);
    if (last) this.#lines.splice(last.end, 0, line);
    else this.#lines.push(headerOf(section), line);
  }

  /** @returns where its first line was; undefined where there was none */
  unset(section: Section, key: string): number | undefined {
    let first: number | undefined;
    for (const { start, end } of this.#rangesOf(section).reverse()) {
      for (let at = end - 1; at > start; at--) {
        if (KEY.exec(this.#lines[at] ?? "")?.[1]?.toLowerCase() === key.toLowerCase() && !this.#continues(at)) {
          this.#lines.splice(at, this.#lengthAt(at, end));
          first = at;
        }
      }
    }
    return first;
  }

  rename(section: Section, to: Section): void {
    for (const { start } of this.#rangesOf(section)) {
      const rest = HEADER.exec(this.#lines[start] ?? "")?.[3] ?? "";
      this.#lines[start] = headerOf(to) + rest;
    }
  }

  remove(section: Section): void {
    for (const { start, end } of this.#rangesOf(section).reverse()) this.#lines.splice(start, end - start);
  }

  toString(): ByteString {
    return this.#lines.map((line) => `${line}\n`).join("");
  }

  /** Lines of a section, which may come in several parts; its header is at `start`. */
  #rangesOf({ name, subsection }: Section): { start: number; end: number }[] {
    const ranges: { start: number; end: number }[] = [];
    let open: { start: number; end: number } | undefined;
    for (const [at, line] of this.#lines.entries()) {
      const isHeader = ANY_HEADER.test(line) && !this.#continues(at);
      if (isHeader) {
        const [, found = "", sub = ""] = HEADER.exec(line) ?? [];
        const isWanted = found.toLowerCase() === name && sub.replace(/\\(.)/g, "$1") === subsection;
        open = isWanted ? { start: at, end: at + 1 } : undefined;
        if (open) ranges.push(open);
      } else if (open) open.end = at + 1;
    }
    return ranges;
  }

  /** Is this line the continuation of the one before? */
  #continues(at: number): boolean {
    return /(?:^|[^\\])(?:\\\\)*\\$/.test(this.#lines[at - 1] ?? "");
  }

  #lengthAt(at: number, end: number): number {
    let length = 1;
    while (at + length < end && this.#continues(at + length)) length++;
    return length;
  }
}

const headerOf = ({ name, subsection }: Section): ByteString => `[${name} "${subsection.replace(/["\\]/g, "\\$&")}"]`;

const lineOf = (key: string, value: ByteString): ByteString => `\t${key} = ${quoted(value)}`;

const quoted = (value: ByteString): ByteString =>
  /^[\w./:@+*~,=%?&-]*$/.test(value)
    ? value
    : `"${value.replace(/["\\]/g, "\\$&").replaceAll("\n", "\\n").replaceAll("\t", "\\t")}"`;
