import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/**
 * Makes an empty folder that is removed when the running test ends; to be called in a test or in `beforeEach`.
 * @returns its absolute path without symbolic links
 */
export async function tempDir(): Promise<string> {
  const path = await mkdtemp(join(await realpath(tmpdir()), "mcp-test-"));
  onTestFinished(() => rm(path, { recursive: true, force: true, maxRetries: 3 }));
  return path;
}
