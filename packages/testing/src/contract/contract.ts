import type { McpClient } from "@mcp-reference/client";
import type { ServerDefinition } from "@mcp-reference/runtime";
import { connect, type TestConnectOptions } from "../connect.js";
import { type SpawnBinOptions, type SpawnedBin, spawnBin } from "../spawn-bin.js";
import { tempDir } from "../temp-dir.js";

type Arguments = Record<string, unknown>;

/** Arguments for one call; a function may put files into the folder that is served. */
export type Example = Arguments | ((dir: string) => Arguments | Promise<Arguments>);

export interface ContractOptions {
  /** The built bin. */
  bin: string | URL;
  /** Folder that holds one source file a tool, and nothing else but their tests. */
  toolsDir?: string | URL | undefined;
  /** A command line that starts the server validly; `dir` is a fresh folder. */
  args?: readonly string[] | ((dir: string) => readonly string[]) | undefined;
  env?: Record<string, string> | undefined;
  /** Arguments for each tool, by name; tools that answer with an object need them. */
  examples?: Readonly<Record<string, Example>> | undefined;
  /** Tools that answer with an object too, but need what not every machine has: tests of their own call them. */
  calledElsewhere?: readonly string[] | undefined;
  /** Most bytes that names, descriptions and input schemas of all tools may take as JSON. Default 12 KiB. */
  listBudgetBytes?: number | undefined;
}

/** A server under the contract: how to start it, in memory and as a process. */
export class Contract {
  constructor(
    readonly definition: ServerDefinition,
    readonly options: ContractOptions,
  ) {}

  /** Connects in memory, with every tool offered. @param definition the server's own, or one with tools added */
  async open(
    options: TestConnectOptions = {},
    definition = this.definition,
  ): Promise<{ client: McpClient; dir: string }> {
    const dir = await tempDir();
    const names = definition.tools.map(({ name }) => name).join(",");
    const argv = [...this.#args(dir), "--read-only=false", `--tools=${names}`];
    return { client: await connect(definition, { env: this.options.env, ...options, argv }), dir };
  }

  /** Starts the bin. @param args after those that start it validly */
  async spawn(args: readonly string[] = [], { env, ...options }: SpawnBinOptions = {}): Promise<SpawnedBin> {
    const dir = await tempDir();
    return spawnBin(this.options.bin, {
      ...options,
      cwd: dir,
      env: { ...this.options.env, ...env },
      args: [...this.#args(dir), ...args],
    });
  }

  /** Arguments that `tool` can be called with. */
  async example(tool: string, dir: string): Promise<Arguments | undefined> {
    const example = this.options.examples?.[tool];
    return typeof example === "function" ? example(dir) : example;
  }

  #args(dir: string): readonly string[] {
    const { args = [] } = this.options;
    return typeof args === "function" ? args(dir) : args;
  }
}
