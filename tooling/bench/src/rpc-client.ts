import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable, Writable } from "node:stream";

/** A command line, as it is given to `spawn`. */
export interface Command {
  command: string;
  args: string[];
  cwd?: string | undefined;
  /** Set beside what this process has, or taken from it. */
  env?: Record<string, string | undefined> | undefined;
  /** For batch files on Windows, such as npx. */
  shell?: boolean | undefined;
}

interface Message {
  id?: number | undefined;
  /** Only requests and notifications of the server have one; none of them needs an answer here. */
  method?: string | undefined;
  result?: unknown;
  error?: { code: number; message: string } | undefined;
}

interface Answer {
  result: unknown;
  /** From the request until the last byte of the answer, before it is parsed. */
  milliseconds: number;
}

interface ToolResult {
  content: { text?: string | undefined }[];
  isError?: boolean | undefined;
}

/**
 * The least of an MCP client: JSON-RPC lines over stdio, one request at a time. What it does with an answer is not part
 * of any measurement.
 */
export class RpcClient {
  readonly pid: number;
  readonly #process: ChildProcessByStdio<Writable, Readable, null>;
  #chunks: Buffer[] = [];
  #lastId = 0;
  #waiting: { sent: number; resolve: (answer: Answer) => void; reject: (error: Error) => void } | undefined;

  constructor({ command, args, cwd, env, shell = false }: Command) {
    const options = { cwd, shell, env: { ...process.env, ...env } };
    this.#process = spawn(command, args, { ...options, stdio: ["pipe", "pipe", "ignore"] });
    this.#process.on("error", (error) => this.#fail(error));
    this.#process.on("exit", (code) => this.#fail(new Error(`${command} ${args.join(" ")} ended with ${code}`)));
    this.#process.stdout.on("data", (chunk: Buffer) => this.#receive(chunk));
    this.#process.stdin.on("error", (error) => this.#fail(error));
    this.pid = this.#process.pid ?? 0;
  }

  /** The 2025 handshake, which every server understands. */
  async initialize(): Promise<void> {
    const clientInfo = { name: "bench", version: "1.0.0" };
    await this.request("initialize", { protocolVersion: "2025-06-18", capabilities: {}, clientInfo });
    this.#send({ method: "notifications/initialized" });
  }

  request(method: string, params: object): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#waiting = { sent: performance.now(), resolve, reject };
      this.#lastId += 1;
      this.#send({ id: this.#lastId, method, params });
    });
  }

  /**
   * Calls a tool and gives the text of its result, with the milliseconds it took.
   * @throws when the tool reports an error, so that a failing call is never taken for a fast one
   */
  async callTool(name: string, args: object): Promise<{ text: string; milliseconds: number }> {
    const answer = await this.request("tools/call", { name, arguments: args });
    const { content, isError } = answer.result as ToolResult;
    const text = content.map((block) => block.text ?? "").join("\n");
    if (isError) throw new Error(`${name} failed: ${text.slice(0, 300)}`);
    return { text, milliseconds: answer.milliseconds };
  }

  /** Gives up the request under way, as a client does whose user has seen enough. */
  cancel(): void {
    this.#waiting = undefined;
    this.#send({ method: "notifications/cancelled", params: { requestId: this.#lastId } });
  }

  /** Ends the server's input, as a client does that goes away, and gives the exit code. */
  async end(): Promise<number | null> {
    this.#waiting = undefined;
    this.#process.stdin.end();
    const [code] = await once(this.#process, "exit");
    return code;
  }

  close(): void {
    this.#waiting = undefined;
    this.#process.kill("SIGKILL");
  }

  #send(message: object): void {
    this.#process.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
  }

  #receive(chunk: Buffer): void {
    this.#chunks.push(chunk);
    if (!chunk.includes(0x0a)) return;
    const arrived = performance.now();
    const lines = Buffer.concat(this.#chunks).toString("utf8").split("\n");
    this.#chunks = [Buffer.from(lines.pop() ?? "", "utf8")];
    for (const line of lines) this.#settle(JSON.parse(line), arrived);
  }

  #settle({ id, method, result, error }: Message, arrived: number): void {
    if (method || id !== this.#lastId || !this.#waiting) return;
    const { sent, resolve, reject } = this.#waiting;
    this.#waiting = undefined;
    if (error) reject(new Error(`${error.code} ${error.message}`));
    else resolve({ result, milliseconds: arrived - sent });
  }

  #fail(error: Error): void {
    this.#waiting?.reject(error);
    this.#waiting = undefined;
  }
}
