import { execFileSync } from "node:child_process";
import { realpathSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname } from "node:path";

/** Whom a process runs as; empty for who runs the tests. */
export interface Account {
  uid?: number;
  gid?: number;
}

/** PostgreSQL refuses to run as root; another account, which need not be made, runs it then. */
export function serverAccount(): Account {
  if (process.getuid?.() !== 0) return {};
  for (const name of ["postgres", "nobody"]) {
    try {
      const id = (what: string) => Number(execFileSync("id", [what, name], { encoding: "utf8", stdio: "pipe" }));
      return { uid: id("-u"), gid: id("-g") };
    } catch {} // the next one
  }
  throw new Error("PostgreSQL refuses to run as root, and there is neither a user postgres nor nobody");
}

/** A folder for temporary files that the account can reach: root's TMPDIR may be closed to others. */
export function sharedTempDir(account: Account): string {
  const found = [tmpdir(), "/tmp", "/var/tmp"].find((folder) => canReach(account, folder));
  if (found === undefined) throw new Error("no folder for temporary files is open to others: set TMPDIR");
  return realpathSync(found);
}

/** Whether everybody may pass every folder on the way, which only root's own folders may forbid. */
export function canReach({ uid }: Account, path: string): boolean {
  if (uid === undefined) return true;
  for (let folder = realpathSync(path); ; folder = dirname(folder)) {
    if ((statSync(folder).mode & 0o001) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}
