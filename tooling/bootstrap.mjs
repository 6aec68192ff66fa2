/**
 * What the root scripts run, on a machine that has only Node and npm: install what is missing, build what has changed,
 * then do what was asked for. No dependencies, because nothing is installed yet.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const STAMP = `${ROOT}node_modules/.bootstrap`;
const { engines, packageManager } = JSON.parse(readFileSync(`${ROOT}package.json`, "utf8"));

const COMMANDS = {
  start() {
    turbo("build", "--filter=@mcp-reference/demo...");
    node("tooling/demo/dist/main.js");
  },
  test() {
    turbo("build", "lint", "typecheck", "test", "test:tooling", "--continue=dependencies-successful");
  },
  build() {
    turbo("build");
  },
  bench(...args) {
    turbo("build");
    node("--import", "tsx", "tooling/bench/src/main.ts", ...args);
  },
  generate(...args) {
    turbo("build");
    node("--import", "tsx", "tooling/generate/src/main.ts", ...args);
  },
  pnpm,
};

const [command, ...args] = process.argv.slice(2);
if (command === "new") stop(2, "There is no generator yet: docs/adding-a-server.md tells how to add a server by hand.");
if (!Object.hasOwn(COMMANDS, command))
  stop(2, `No command "${command}"; there are ${Object.keys(COMMANDS).join(", ")}.`);
checkNode();
COMMANDS[command](...args);

function checkNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  const [leastMajor, leastMinor] = engines.node.match(/\d+/g).map(Number);
  if (major > leastMajor || (major === leastMajor && minor >= leastMinor)) return;
  stop(
    1,
    `Node ${leastMajor}.${leastMinor} or later is needed; this is ${process.versions.node}. See https://nodejs.org.`,
  );
}

/** Installs when the lockfile, or the place it was installed to, is not the one of the last time. */
function install() {
  const hash = createHash("sha256").update([ROOT, process.platform, process.arch].join("\0"));
  for (const file of ["pnpm-lock.yaml", "pnpm-workspace.yaml"]) hash.update(readFileSync(ROOT + file));
  const stamp = hash.digest("hex");
  if (read(STAMP) === stamp) return;
  console.log("Installing dependencies; the first time this takes up to a minute.");
  pnpm("install", "--frozen-lockfile", ...(process.stdout.isTTY ? [] : ["--reporter=append-only"]));
  writeFileSync(STAMP, stamp);
}

/** Runs tasks, and those they depend on, where something has changed. turbo starts pnpm and so must find it on the PATH. */
function turbo(...tasks) {
  install();
  pnpm("exec", "turbo", "run", ...tasks);
}

/** pnpm in the version that package.json pins, which npx fetches. */
function pnpm(...args) {
  run("npx", "--yes", "--loglevel=error", packageManager, ...args);
}

function node(...args) {
  run(process.execPath, ...args);
}

function run(command, ...args) {
  const env = { ...process.env, TURBO_TELEMETRY_DISABLED: "1", DO_NOT_TRACK: "1" };
  // On Windows npx is a batch file, which only a shell can start.
  const shell = process.platform === "win32" && command === "npx";
  const [file, rest] = shell ? [[command, ...args].join(" "), []] : [command, args];
  const { status, error } = spawnSync(file, rest, { cwd: ROOT, env, shell, stdio: ["ignore", "inherit", "inherit"] });
  if (error) stop(1, `${command} could not be started: ${error.message}`);
  if (status !== 0) process.exit(status ?? 1);
}

function read(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

function stop(code, line) {
  console.error(line);
  process.exit(code);
}
