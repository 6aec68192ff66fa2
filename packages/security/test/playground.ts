import { mkdir, mkdtemp, readFile, realpath, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { ToolError } from "@mcp-reference/validation";
import { onTestFinished } from "vitest";
import { openSandbox } from "../src/path-sandbox/open-sandbox.js";
import type { PathSandbox, RootSpec, SandboxOptions } from "../src/path-sandbox/types.js";

/** Both ways of walking where the system has both; the portable one is all that others have. */
export const variants = (process.platform === "linux" ? [false, true] : [true]).map((portable) => ({ portable }));

/** A folder with `root` and `outside` in it, removed when the test ends. */
export interface Playground {
  folder: string;
  root: string;
  outside: string;
  open(options?: Partial<SandboxOptions>): Promise<PathSandbox>;
}

export async function createPlayground(): Promise<Playground> {
  const folder = await realpath(await mkdtemp(path.join(os.tmpdir(), "sandbox-")));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const root = path.join(folder, "root");
  const outside = path.join(folder, "outside");
  await mkdir(root);
  await mkdir(outside);
  const roots: RootSpec[] = [{ path: root }];
  const open = async (options: Partial<SandboxOptions> = {}) => {
    const sandbox = await openSandbox({ roots, ...options });
    onTestFinished(() => sandbox.close());
    return sandbox;
  };
  return { folder, root, outside, open };
}

export async function readText(sandbox: PathSandbox, file: string): Promise<string> {
  const opened = await sandbox.openFile(file);
  try {
    return await opened.handle.readFile("utf8");
  } finally {
    await opened.close();
  }
}

export const writeText = (
  sandbox: PathSandbox,
  file: string,
  text: string,
  mode: "create" | "overwrite" = "overwrite",
) => sandbox.replace(file, { mode }, (handle) => handle.writeFile(text));

/** The code of the ToolError that some work ends in, or `ok`. Anything else that is thrown is a bug and stays thrown. */
export async function outcome(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return "ok";
  } catch (error) {
    if (error instanceof ToolError) return error.code;
    throw error;
  }
}

export const contentOf = (file: string) => readFile(file, "utf8");
