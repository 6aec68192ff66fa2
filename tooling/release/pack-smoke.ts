/**
 * Does for each packed server what a new user does: installs the tarball with npm into an empty folder, starts it by its
 * name and uses it. Needs pnpm on the PATH, so it is run by `pnpm exec`.
 */
import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { RpcClient } from "../bench/src/rpc-client.js";
import { database } from "./smoke-database.js";
import { filesystem } from "./smoke-filesystem.js";
import { git } from "./smoke-git.js";

/** What a new user would do with a server. */
export interface Smoke {
  /** Folder below `servers/`. */
  name: string;
  /** Packages that installing it brings along. */
  packages: readonly string[];
  /** Prepares an empty folder. @returns arguments for the bin */
  prepare(folder: string): string[];
  use(client: RpcClient, folder: string): Promise<void>;
}

const shell = process.platform === "win32";

for (const smoke of [filesystem, database, git]) await inFolderOfItsOwn((folder) => install(smoke, folder));

async function inFolderOfItsOwn(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "pack-smoke-")));
  try {
    await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function install(smoke: Smoke, folder: string): Promise<void> {
  const source = fileURLToPath(new URL(`../../servers/${smoke.name}`, import.meta.url));
  const bin = `mcp-server-${smoke.name}`;
  const run = (command: string, args: string[]) =>
    execFileSync(command, args, { cwd: folder, shell, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
  const tarball = pack(source, join(folder, "tarball"));
  run("npm", ["install", "--no-audit", "--no-fund", "--loglevel=error", tarball]);
  const { name, version } = JSON.parse(readFileSync(join(source, "package.json"), "utf8"));
  const installed = JSON.parse(run("npm", ["ls", "--all", "--json"]));
  assert.deepEqual(Object.keys(installed.dependencies), [name]);
  assert.deepEqual(Object.keys(installed.dependencies[name].dependencies ?? {}), smoke.packages, "what comes along");
  assert.equal(run("npx", [bin, "--version"]).trim(), version);
  assert.match(run("npx", [bin, "--help"]), new RegExp(bin));
  await start(smoke, folder, bin);
  console.log(`${name} ${version}: ${Math.round(statSync(tarball).size / 1000)} kB packed; installs, starts and works`);
}

function pack(source: string, destination: string): string {
  mkdirSync(destination);
  execFileSync("pnpm", ["pack", "--pack-destination", destination], {
    cwd: source,
    shell,
    stdio: ["ignore", "ignore", "inherit"],
  });
  const [tarball] = readdirSync(destination);
  assert(tarball, "pnpm pack made no tarball");
  return join(destination, tarball);
}

async function start(smoke: Smoke, folder: string, bin: string): Promise<void> {
  const args = ["--no", "--", bin, ...smoke.prepare(folder)];
  const client = new RpcClient({ command: "npx", args, shell, cwd: folder });
  await client.initialize();
  await smoke.use(client, folder);
  assert.equal(await client.end(), 0, "exit code after the end of input");
}
