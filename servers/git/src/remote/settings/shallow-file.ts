import { isObjectId, type ObjectId } from "../../repository/object-id.js";
import { LockFile } from "../../repository/refs/lock-file.js";
import type { Repository } from "../../repository/repository.js";

const MOST_BYTES = 16 * 1024 ** 2;
const PATIENCE_MS = 1000;

/** Commits whose parents were left out. */
export const readShallow = ({ layout }: Repository): ObjectId[] =>
  (layout.commonDir.read("shallow", MOST_BYTES)?.toString("latin1") ?? "").split("\n").filter(isObjectId);

/** Adds and removes some, as a server told. @throws ToolError CONFLICT when the file is locked */
export function changeShallow(
  repo: Repository,
  { add, remove }: { add: readonly ObjectId[]; remove: readonly ObjectId[] },
): void {
  if (add.length === 0 && remove.length === 0) return;
  const lock = LockFile.take(repo.layout.commonDir, "shallow", PATIENCE_MS);
  try {
    const shallow = new Set([...readShallow(repo), ...add]);
    for (const oid of remove) shallow.delete(oid);
    if (shallow.size === 0) lock.deleteLocked();
    else {
      lock.write(
        Buffer.from(
          [...shallow]
            .sort()
            .map((oid) => `${oid}\n`)
            .join(""),
        ),
      );
      lock.commit();
    }
  } finally {
    lock.release();
  }
}
