/**
 * Does for the packed filesystem server what a new user does: installs the tarball with npm into an empty folder, starts
 * it by its name and reads a file. Needs pnpm on the PATH, so it is run by `pnpm exec`.
 */
import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { RpcClient } from "../bench/src/rpc-client.js";

const SERVER = fileURLToPath(new URL("../../servers/filesystem", import.meta.url));
const BIN = "mcp-server-filesystem";
const shell = process.platform === "win32";

const folder = realpathSync(mkdtempSync(join(tmpdir(), "pack-smoke-")));
try {
  const tarball = pack();
  run("npm", ["install", "--no-audit", "--no-fund", "--loglevel=error", tarball]);
  const installed = JSON.parse(run("npm", ["ls", "--json"]));
  const { name, version } = JSON.parse(readFileSync(join(SERVER, "package.json"), "utf8"));
  assert.deepEqual(Object.keys(installed.dependencies), [name], "the server brings no package of its own");
  assert.equal(run("npx", [BIN, "--version"]).trim(), version);
  assert.match(run("npx", [BIN, "--help"]), new RegExp(BIN));
  await readFileThroughServer();
  console.log(`${name} ${version}: ${Math.round(statSync(tarball).size / 1000)} kB packed; installs, starts and reads`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function pack(): string {
  const destination = join(folder, "tarball");
  mkdirSync(destination);
  execFileSync("pnpm", ["pack", "--pack-destination", destination], {
    cwd: SERVER,
    shell,
    stdio: ["ignore", "ignore", "inherit"],
  });
  const [tarball] = readdirSync(destination);
  assert(tarball, "pnpm pack made no tarball");
  return join(destination, tarball);
}

async function readFileThroughServer(): Promise<void> {
  const documents = join(folder, "documents");
  mkdirSync(documents);
  writeFileSync(join(documents, "letter.txt"), "Dear reader\n");
  const npx = { command: "npx", args: ["--no", BIN, documents], shell };
  const client = new RpcClient({ ...npx, cwd: folder });
  await client.initialize();
  const { result } = await client.request("tools/list", {});
  const { tools } = result as { tools: unknown[] };
  assert(tools.length >= 14, `${tools.length} tools are listed`);
  const { text } = await client.callTool("read_text_file", { path: join(documents, "letter.txt") });
  assert.match(text, /^Dear reader$/m);
  assert.equal(await client.end(), 0, "exit code after the end of input");
}

/** Runs a command in the empty folder and gives its output. */
function run(command: string, args: string[]): string {
  return execFileSync(command, args, { cwd: folder, shell, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
}
