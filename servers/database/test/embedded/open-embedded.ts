import { cp } from "node:fs/promises";
import { join } from "node:path";
import { tempDir } from "@mcp-reference/testing";
import { ToolError } from "@mcp-reference/validation";
import { onTestFinished } from "vitest";
import { type EmbeddedOptions, embeddedSource } from "../../src/embedded/embedded-source.js";
import type { ConnectionSource, Lease } from "../../src/engine/connection-source.js";
import { never, silent } from "../connection/open-source.js";

export { never, silent };

/** A source that is closed when the test ends, on a directory of its own unless one is named. */
export async function openEmbedded(
  options: Partial<EmbeddedOptions> = {},
): Promise<ConnectionSource & { dataDir: string }> {
  const dataDir = options.dataDir ?? join(await tempDir(), "data");
  const source = embeddedSource({ demo: false, waitMs: 1_000, log: silent, ...options, dataDir });
  onTestFinished(() => source.close());
  return Object.assign(source, { dataDir });
}

/** A copy of a data directory: making one takes seconds. */
export async function copyOf(dataDir: string): Promise<string> {
  const copy = join(await tempDir(), "data");
  await cp(dataDir, copy, { recursive: true });
  return copy;
}

/** Runs one statement in a lease of its own. @returns its first column as text */
export async function ask(source: ConnectionSource, sql: string): Promise<string[]> {
  const lease = await source.acquire(never);
  try {
    return await column(lease, sql);
  } finally {
    lease.release("again");
  }
}

export async function column({ client }: Lease, sql: string): Promise<string[]> {
  const { rows } = await client.query<unknown[]>({ text: sql, rowMode: "array" });
  return rows.map(([value]) => String(value));
}

/** The ToolError that a promise fails with. */
export async function refusal(promise: Promise<unknown>): Promise<ToolError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof ToolError) return error;
  throw new Error("expected a ToolError", { cause: error });
}
