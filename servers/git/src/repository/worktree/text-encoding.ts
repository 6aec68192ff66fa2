import { ToolError } from "@mcp-reference/validation";

/** Encodings of `working-tree-encoding` that we convert: name in the attribute → how it is read and written. */
interface Encoding {
  readonly decoder: "utf-16le" | "utf-16be" | "latin1";
  /** Must the file start with a byte order mark, must it not, or do the marks mean nothing? */
  readonly mark: "required" | "forbidden" | "none";
}

const ENCODINGS: Readonly<Record<string, Encoding>> = {
  "utf-16": { decoder: "utf-16le", mark: "required" },
  "utf-16le": { decoder: "utf-16le", mark: "forbidden" },
  "utf-16be": { decoder: "utf-16be", mark: "forbidden" },
  "utf-16le-bom": { decoder: "utf-16le", mark: "required" },
  "iso-8859-1": { decoder: "latin1", mark: "none" },
  latin1: { decoder: "latin1", mark: "none" },
};

const MARK = "\ufeff";

/** From an encoding of the worktree to UTF-8. @throws ToolError UNSUPPORTED for another encoding, UPSTREAM where the bytes are not in it */
export function decodeText(content: Buffer, name: string): Buffer {
  const encoding = encodingNamed(name);
  if (encoding.decoder === "latin1") return Buffer.from(content.toString("latin1"), "utf8");
  const isSwapped =
    encoding.decoder === "utf-16be" || (name === "utf-16" && content[0] === 0xfe && content[1] === 0xff);
  const text = strictUtf16(isSwapped ? swapped(content) : content, name);
  if (text.startsWith(MARK) !== (encoding.mark === "required")) throw notIn(name);
  return Buffer.from(encoding.mark === "required" ? text.slice(1) : text, "utf8");
}

/** From UTF-8 to an encoding of the worktree. @throws as {@link decodeText} */
export function encodeText(content: Buffer, name: string): Buffer {
  const encoding = encodingNamed(name);
  const text = content.toString("utf8");
  if (!Buffer.from(text, "utf8").equals(content)) throw notIn("utf-8");
  if (encoding.decoder === "latin1") {
    if (/[\u0100-\uffff]/.test(text)) throw notIn(name);
    return Buffer.from(text, "latin1");
  }
  const bytes = Buffer.from(encoding.mark === "required" ? MARK + text : text, "utf16le");
  return encoding.decoder === "utf-16be" ? bytes.swap16() : bytes;
}

function encodingNamed(name: string): Encoding {
  const encoding = Object.hasOwn(ENCODINGS, name) ? ENCODINGS[name] : undefined;
  if (encoding === undefined) throw new ToolError("UNSUPPORTED", "A working-tree-encoding is not known to this server");
  return encoding;
}

function strictUtf16(content: Buffer, name: string): string {
  try {
    return new TextDecoder("utf-16le", { fatal: true, ignoreBOM: true }).decode(content);
  } catch {
    throw notIn(name);
  }
}

function swapped(content: Buffer): Buffer {
  if (content.length % 2 === 1) throw notIn("utf-16");
  return Buffer.from(content).swap16();
}

const notIn = (name: string): ToolError => new ToolError("UPSTREAM", `A file is not valid ${name}`);
