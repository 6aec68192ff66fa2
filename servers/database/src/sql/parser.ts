import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { ToolError } from "@mcp-reference/validation";
import type { ParserModule } from "libpg-query/wasm/libpg-query.js";

/** Bytes. Longer SQL comes from programs, and the parser's memory grows with it. */
const LONGEST_SQL = 100_000;

/** A node as the parser prints it: fields that are zero, false or empty are left out. */
export type Json = Readonly<Record<string, unknown>>;

let loading: Promise<() => Promise<ParserModule>> | undefined;
let running: Promise<ParserModule> | undefined;

/** Loads PostgreSQL's parser (some 60 ms), so that the first statement need not wait for it. */
export async function loadParser(): Promise<void> {
  await current();
}

export interface ParsedStatement {
  /** The statement node, wrapped in its type: `{SelectStmt: {…}}` */
  node: Json;
  /** Its text, without what ends it. */
  text: string;
}

/**
 * Parses one statement as PostgreSQL does.
 * @throws ToolError TOO_LARGE, or INVALID_ARGUMENT for what is not exactly one statement
 */
export async function parseOne(sql: string): Promise<ParsedStatement> {
  // PostgreSQL's text ends at a NUL: what stands behind it would be judged by one side only.
  if (sql.includes("\0")) throw new ToolError("INVALID_ARGUMENT", "sql contains a NUL byte");
  if (!sql.isWellFormed()) throw new ToolError("INVALID_ARGUMENT", "sql contains half of a surrogate pair");
  const bytes = Buffer.from(sql);
  if (bytes.length > LONGEST_SQL) {
    throw new ToolError("TOO_LARGE", `sql is longer than ${LONGEST_SQL} bytes`, { hint: "Pass long values in params" });
  }
  const statements = parse(await current(), sql);
  const [first, ...more] = statements;
  if (!first?.stmt) throw new ToolError("INVALID_ARGUMENT", "sql holds no statement");
  if (more.length > 0) {
    throw new ToolError("INVALID_ARGUMENT", `sql holds ${statements.length} statements`, {
      hint: "Send one statement a call",
    });
  }
  const { stmt, stmt_location: from = 0, stmt_len: length = bytes.length } = first;
  return {
    node: stmt,
    text: bytes
      .subarray(from, from + length)
      .toString()
      .trim(),
  };
}

/** Throws the running parser away: its memory cannot be trusted after an overflow. The next statement starts another. */
export function discardParser(): void {
  running = undefined;
}

export const tooDeep = (): ToolError =>
  new ToolError("TOO_LARGE", "sql is nested too deeply", { hint: "Split it, or pass lists as an array in params" });

function current(): Promise<ParserModule> {
  loading ??= load();
  running ??= loading.then((start) => start());
  return running;
}

/** Compiles the parser once; each start is a fresh memory of it (a millisecond or two). */
async function load(): Promise<() => Promise<ParserModule>> {
  const [{ default: createModule }, bytes] = await Promise.all([
    import("libpg-query/wasm/libpg-query.js"),
    readFile(wasmFile()),
  ]);
  const code = await WebAssembly.compile(bytes);
  return () =>
    createModule({
      instantiateWasm(imports, done) {
        const instance = new WebAssembly.Instance(code, imports);
        // The factory awaits a promise that settles inside this very call.
        queueMicrotask(() => done(instance));
        return {};
      },
    });
}

/** The bundle carries the file beside itself; in the source tree it is where the package is. */
function wasmFile(): URL | string {
  const beside = new URL("./libpg-query.wasm", import.meta.url);
  return existsSync(beside) ? beside : createRequire(import.meta.url).resolve("libpg-query/wasm/libpg-query.wasm");
}

/** Positions are in bytes. */
interface RawStatement {
  stmt?: Json;
  stmt_location?: number;
  stmt_len?: number;
}

function parse(parser: ParserModule, sql: string): RawStatement[] {
  let answer: { tree: string } | { message: string; at: number };
  try {
    answer = call(parser, sql);
  } catch (error) {
    discardParser();
    // Both the JavaScript stack and the parser's own memory end at some depth.
    if (error instanceof RangeError || error instanceof WebAssembly.RuntimeError) throw tooDeep();
    throw error;
  }
  if ("message" in answer) {
    if (/^memory exhausted|^stack depth/.test(answer.message)) throw tooDeep();
    throw syntaxError(sql, answer);
  }
  const { stmts = [] }: { stmts?: RawStatement[] } = JSON.parse(answer.tree);
  return stmts;
}

/** Fields of the C structs PgQueryParseResult {tree, stderr, error} and PgQueryError {message, function, file, line, cursor}. */
function call(parser: ParserModule, sql: string): { tree: string } | { message: string; at: number } {
  const size = parser.lengthBytesUTF8(sql) + 1;
  const text = parser._malloc(size);
  parser.stringToUTF8(sql, text, size);
  const result = parser._wasm_parse_query_raw(text);
  const field = (struct: number, index: number) => parser.getValue(struct + 4 * index, "i32");
  try {
    const error = field(result, 2);
    if (error) return { message: parser.UTF8ToString(field(error, 0)), at: field(error, 4) };
    return { tree: parser.UTF8ToString(field(result, 0)) };
  } finally {
    parser._free(text);
    parser._wasm_free_parse_result(result);
  }
}

/** @param at position of the error, in characters from 1; 0 when there is none */
function syntaxError(sql: string, { message, at }: { message: string; at: number }): ToolError {
  if (at < 1) return new ToolError("INVALID_ARGUMENT", message);
  const before = Array.from(sql)
    .slice(0, at - 1)
    .join("");
  const line = before.split("\n").length;
  const column = at - Array.from(before.slice(0, before.lastIndexOf("\n") + 1)).length;
  return new ToolError("INVALID_ARGUMENT", `${message}, line ${line}, column ${column}`, {
    details: { position: at, line, column },
  });
}
