import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { atTestEnd, onFailureShow } from "./at-test-end.js";

export interface SpawnBinOptions {
  args?: readonly string[] | undefined;
  /** Added to PATH, HOME and TMPDIR; nothing else is passed on. */
  env?: Record<string, string> | undefined;
  cwd?: string | undefined;
  /** Arguments for Node itself, such as `--import`. */
  nodeArgs?: readonly string[] | undefined;
}

export interface JsonRpcMessage {
  jsonrpc?: string;
  id?: string | number | null;
  method?: string;
  params?: Record<string, unknown>;
  result?: Record<string, unknown>;
  error?: { code: number; message: string; data?: unknown };
}

export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** A started server without a client in between: what is written and read is what goes over the wire. */
export interface SpawnedBin extends AsyncDisposable {
  readonly pid: number;
  /** What it wrote so far, line by line. */
  readonly stdoutLines: readonly string[];
  readonly stderr: string;
  /** How it ended, once stdout and stderr are read to their end. */
  readonly exit: Promise<Exit>;
  /** Writes a message, or a string as it is. */
  send(message: JsonRpcMessage | string): void;
  /** Sends a request. @returns the whole response, which may hold an `error`; rejects when the server exits before */
  request(method: string, params?: Record<string, unknown>): Promise<JsonRpcMessage>;
  /** The handshake of the 2025 era. @returns the response to `initialize` */
  initialize(capabilities?: Record<string, unknown>): Promise<JsonRpcMessage>;
  /** The first message, before or after now, that `matches`; rejects when the server exits before. */
  receive(matches: (message: JsonRpcMessage) => boolean): Promise<JsonRpcMessage>;
  closeStdin(): void;
  /** Reads no more of what it writes, as a client that is gone. */
  closeOutput(): void;
  kill(signal?: NodeJS.Signals): void;
}

/**
 * Starts a server's bin with Node. It is killed when the running test ends.
 * @throws when there is no such file, which usually means that the server is not built
 */
export function spawnBin(bin: string | URL, options: SpawnBinOptions = {}): SpawnedBin {
  const path = bin instanceof URL ? fileURLToPath(bin) : bin;
  if (!existsSync(path)) throw new Error(`${path} does not exist: build the server first`);
  const started = new Spawned(path, options);
  atTestEnd(() => started[Symbol.asyncDispose]());
  onFailureShow(() => started.stderr);
  return started;
}

interface Waiter {
  matches: (message: JsonRpcMessage) => boolean;
  resolve: (message: JsonRpcMessage) => void;
  reject: (error: Error) => void;
}

class Spawned implements SpawnedBin {
  readonly stdoutLines: string[] = [];
  readonly exit: Promise<Exit>;
  stderr = "";
  readonly #process: ChildProcess;
  readonly #received: JsonRpcMessage[] = [];
  readonly #waiters = new Set<Waiter>();
  #nextId = 1;
  #unfinishedLine = "";

  constructor(path: string, { args = [], env = {}, cwd, nodeArgs = [] }: SpawnBinOptions) {
    const { PATH = "", HOME = "", TMPDIR } = process.env;
    this.#process = spawn(process.execPath, [...nodeArgs, path, ...args], {
      env: { PATH, HOME, ...(TMPDIR !== undefined && { TMPDIR }), ...env },
      ...(cwd !== undefined && { cwd }),
    });
    this.exit = new Promise((resolve) => {
      this.#process.once("close", (code, signal) => {
        this.#giveUp();
        resolve({ code, signal });
      });
    });
    // A server that is gone is told by `exit`; the broken pipe says nothing more.
    this.#process.stdin?.on("error", () => {});
    this.#process.stderr?.setEncoding("utf8").on("data", (words: string) => {
      this.stderr += words;
    });
    this.#process.stdout?.setEncoding("utf8").on("data", (words: string) => this.#receiveWords(words));
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  send(message: JsonRpcMessage | string): void {
    this.#process.stdin?.write(typeof message === "string" ? message : `${JSON.stringify(message)}\n`);
  }

  request(method: string, params: Record<string, unknown> = {}): Promise<JsonRpcMessage> {
    const id = this.#nextId++;
    this.send({ jsonrpc: "2.0", id, method, params });
    return this.receive((message) => message.id === id && message.method === undefined);
  }

  async initialize(capabilities: Record<string, unknown> = {}): Promise<JsonRpcMessage> {
    const clientInfo = { name: "raw", version: "1.0.0" };
    const response = await this.request("initialize", { protocolVersion: "2025-11-25", capabilities, clientInfo });
    this.send({ jsonrpc: "2.0", method: "notifications/initialized" });
    return response;
  }

  receive(matches: (message: JsonRpcMessage) => boolean): Promise<JsonRpcMessage> {
    const before = this.#received.find(matches);
    if (before) return Promise.resolve(before);
    const { exitCode, signalCode } = this.#process;
    return new Promise((resolve, reject) => {
      this.#waiters.add({ matches, resolve, reject });
      if (exitCode !== null || signalCode !== null) void this.exit.then(() => this.#giveUp());
    });
  }

  closeStdin(): void {
    this.#process.stdin?.end();
  }

  closeOutput(): void {
    this.#process.stdout?.destroy();
  }

  kill(signal: NodeJS.Signals = "SIGTERM"): void {
    this.#process.kill(signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.kill("SIGKILL");
    await this.exit;
  }

  /** Lines end with a line feed and nothing else: JSON may hold U+2028, at which `readline` would cut. */
  #receiveWords(words: string): void {
    const [end = "", ...lines] = words.split("\n");
    this.#unfinishedLine += end;
    for (const next of lines) {
      this.#read(this.#unfinishedLine);
      this.#unfinishedLine = next;
    }
  }

  #read(line: string): void {
    this.stdoutLines.push(line);
    const message = parse(line);
    if (!message) return;
    this.#received.push(message);
    for (const waiter of this.#waiters) {
      if (!waiter.matches(message)) continue;
      this.#waiters.delete(waiter);
      waiter.resolve(message);
    }
  }

  #giveUp(): void {
    const { exitCode, signalCode } = this.#process;
    for (const { reject } of this.#waiters) {
      reject(new Error(`the server ended (${exitCode ?? signalCode}) before it answered; its log:\n${this.stderr}`));
    }
    this.#waiters.clear();
  }
}

/** A line that is no message is seen in `stdoutLines`. */
function parse(line: string): JsonRpcMessage | undefined {
  try {
    return JSON.parse(line) as JsonRpcMessage;
  } catch {
    return undefined;
  }
}
