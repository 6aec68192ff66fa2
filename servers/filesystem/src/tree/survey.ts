import { lstat } from "node:fs/promises";
import { type PathSandbox, SecretPolicy } from "@mcp-reference/security";
import { ToolError } from "@mcp-reference/validation";
import { enter, entriesOf, type HeldDirectory, naming, policyPathOf } from "./held-directory.js";
import { inBatches } from "./in-batches.js";

/** What is below a directory. */
export interface Survey {
  /** Entries of every kind. */
  entries: number;
  /** Bytes in files. */
  bytes: number;
  /** Entries that the secrets policy hides; what is below them is not counted. */
  hidden: number;
}

const LOOKS_AT_ONCE = 32;

/** Counts what is below `name`, without following links. */
export async function survey(
  sandbox: PathSandbox,
  parent: HeldDirectory,
  name: string,
  signal: AbortSignal,
): Promise<Survey> {
  const policy = new SecretPolicy(sandbox.secrets);
  const total: Survey = { entries: 0, bytes: 0, hidden: 0 };
  const visit = async (directory: HeldDirectory) => {
    signal.throwIfAborted();
    const entries = await entriesOf(directory);
    const visible = entries.filter((entry) => !policy.hides(policyPathOf(directory, entry.name)));
    total.entries += entries.length;
    total.hidden += entries.length - visible.length;
    await inBatches(
      visible.filter((entry) => entry.isFile()),
      LOOKS_AT_ONCE,
      async (file) => {
        const { size } = await lstat(directory.at(file.name));
        total.bytes += size;
      },
    );
    for (const child of visible.filter((entry) => entry.isDirectory())) await within(directory, child.name, visit);
  };
  await within(parent, name, visit);
  return total;
}

/** Enters a directory, does something there and leaves it. */
export async function within<T>(
  parent: HeldDirectory,
  name: string,
  work: (directory: HeldDirectory) => Promise<T>,
): Promise<T> {
  const directory = await naming(parent, name, enter(parent, name));
  try {
    return await work(directory);
  } finally {
    await directory.close();
  }
}

/**
 * Files that a caller must not see must not vanish, or turn up under another name, by its doing either.
 * @throws ToolError PERMISSION_DENIED
 */
export function requireNothingHidden(path: string, { hidden }: Survey): void {
  if (hidden === 0) return;
  const entries = hidden === 1 ? "an entry" : `${hidden} entries`;
  throw new ToolError("PERMISSION_DENIED", `${JSON.stringify(path)} holds ${entries} that the secrets policy hides`, {
    hint: "Handle the entries beside them one by one, or ask the user to start the server with --allow-secret <glob>",
  });
}
