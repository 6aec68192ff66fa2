import { rmdir, unlink } from "node:fs/promises";
import { entriesOf, type HeldDirectory, naming } from "../tree/held-directory.js";
import { inBatches } from "../tree/in-batches.js";
import { within } from "../tree/survey.js";

const UNLINKED_AT_ONCE = 32;

/**
 * Removes a directory with all that is in it; links are removed, never followed.
 * @param removed told after every directory how many entries are gone so far
 */
export async function removeTree(
  parent: HeldDirectory,
  name: string,
  signal: AbortSignal,
  removed: (entries: number) => void = () => {},
): Promise<void> {
  await within(parent, name, async (directory) => {
    const entries = await entriesOf(directory);
    for (const child of entries.filter((entry) => entry.isDirectory())) {
      await removeTree(directory, child.name, signal, removed);
    }
    await inBatches(
      entries.filter((entry) => !entry.isDirectory()),
      UNLINKED_AT_ONCE,
      async (entry) => {
        signal.throwIfAborted();
        await naming(directory, entry.name, unlink(directory.at(entry.name)));
        removed(1);
      },
    );
  });
  signal.throwIfAborted();
  await naming(parent, name, rmdir(parent.at(name)));
  removed(1);
}
