import { readFileSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

export interface Account {
  host: string;
  port: number;
  database: string;
  user: string;
}

/**
 * The password that PGPASSFILE, or `~/.pgpass`, holds for an account: the first line that matches, as libpq reads it.
 * A file that others may read is passed over, as libpq does.
 */
export function passwordFromFile({ host, port, database, user }: Account, env: NodeJS.ProcessEnv): string | undefined {
  const windows = process.platform === "win32";
  const standard = windows ? join(env["APPDATA"] ?? "", "postgresql", "pgpass.conf") : join(homedir(), ".pgpass");
  const file = env["PGPASSFILE"] || standard;
  // libpq looks sockets in its own directory up under this name; which one that is was compiled in.
  const wanted = [host.startsWith("/") ? ["localhost", host] : [host], [String(port)], [database], [user]];
  for (const line of readPrivate(file, windows)) {
    const [, ...fields] = LINE.exec(line) ?? [];
    const [password, ...account] = fields.map(unescaped).reverse();
    const matches = account.reverse().every((field, index) => field === "*" || wanted[index]?.includes(field));
    if (password !== undefined && matches) return password;
  }
  return undefined;
}

/** hostname:port:database:username:password, where \: and \\ stand for themselves. */
const FIELD = String.raw`((?:\\.|[^:\\])*)`;
const LINE = new RegExp(`^(?!#)${[FIELD, FIELD, FIELD, FIELD].join(":")}:(.*)$`);

const unescaped = (field: string) => field.replace(/\\(.)/g, "$1");

function readPrivate(file: string, windows: boolean): string[] {
  try {
    const { mode } = statSync(file);
    if (!windows && (mode & 0o077) !== 0) return [];
    return readFileSync(file, "utf8").split(/\r?\n/);
  } catch {
    return [];
  }
}
