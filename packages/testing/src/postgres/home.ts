import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, chown, mkdtemp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Account, canReach, serverAccount, sharedTempDir } from "./account.js";
import { copy, makeDataDir } from "./data-dir.js";

export interface HomeOptions {
  auth: "trust" | "scram";
  tls: { cert: string; key: string } | undefined;
}

/** The folder of one server: its data, sockets and log. */
export interface Home {
  account: Account;
  /** A folder that the account can reach. */
  binaries: string;
  home: string;
  data: string;
  /** Removes the folder, after the server that may still run. */
  remove(): Promise<void>;
}

/** @param binaries where `initdb` and `postgres` are; copied when root keeps that folder to itself */
export async function makeHome(binaries: string, { auth, tls }: HomeOptions): Promise<Home> {
  const account = serverAccount();
  const home = await mkdtemp(join(sharedTempDir(account), "mcp-postgres-"));
  await own(home, account);
  const remove = removeAtExit(home);
  try {
    const reachable = canReach(account, binaries) ? binaries : await copyInstallation(binaries, home);
    const data = await makeDataDir(reachable, home, account);
    await writeFile(join(data, "pg_hba.conf"), accessRules(auth));
    if (tls) await addCertificate(data, tls, account);
    return { account, binaries: reachable, home, data, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

const SERVER_AND_FOLDER_END = `
  cat >/dev/null
  if pid=$(head -n 1 "$1/data/postmaster.pid" 2>/dev/null); then
    kill -QUIT "$pid"
    tries=0
    while [ $tries -lt 100 ] && kill -0 "$pid" 2>/dev/null; do tries=$((tries + 1)); sleep 0.05; done
  fi
  rm -rf "$1"`;

/** A shell waits for its input to end, which it does with this process however that ends: no handler runs at a SIGKILL. */
function removeAtExit(home: string): () => Promise<void> {
  const args = ["-c", SERVER_AND_FOLDER_END, "sh", home];
  const watcher = spawn("sh", args, { cwd: "/", stdio: ["pipe", "ignore", "ignore"], detached: true });
  const exit = once(watcher, "exit");
  watcher.unref();
  return async () => {
    watcher.ref();
    watcher.stdin.end();
    await exit;
  };
}

async function own(path: string, { uid, gid }: Account): Promise<void> {
  if (uid !== undefined && gid !== undefined) await chown(path, uid, gid);
}

/** `bin` needs `lib` and `share` beside it. */
async function copyInstallation(binaries: string, home: string): Promise<string> {
  await copy(join(binaries, ".."), join(home, "installation"));
  return join(home, "installation", "bin");
}

const accessRules = (auth: HomeOptions["auth"]) =>
  `local all,replication all trust\nhost all,replication all samehost ${auth === "scram" ? "scram-sha-256" : "trust"}\n`;

async function addCertificate(data: string, { cert, key }: { cert: string; key: string }, account: Account) {
  const keyFile = join(data, "server.key");
  await writeFile(keyFile, key);
  await chmod(keyFile, 0o600); // PostgreSQL refuses a key that others can read
  await own(keyFile, account);
  await writeFile(join(data, "server.crt"), cert);
}
