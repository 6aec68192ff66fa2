import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { startPostgres, type TestPostgres } from "@mcp-reference/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { never, openSource, silent, startSleep, valueFrom } from "./open-source.js";

const run = promisify(execFile);
const openssl = (directory: string, ...args: string[]) => run("openssl", args, { cwd: directory });
const found = await run("openssl", ["version"]).then(
  () => true,
  () => false,
);

/** Signs certificates for tests: `server` is for localhost, `other` for another host; `stranger` is an authority of its own. */
async function makeCertificates(directory: string): Promise<void> {
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  for (const name of ["ca", "stranger"]) {
    await openssl(
      directory,
      "req",
      "-x509",
      ...key,
      "-keyout",
      `${name}.key`,
      "-out",
      `${name}.pem`,
      "-subj",
      `/CN=${name}`,
    );
  }
  for (const [name, host] of [
    ["server", "localhost"],
    ["other", "db.example"],
  ]) {
    await openssl(directory, "req", ...key, "-keyout", `${name}.key`, "-out", `${name}.csr`, "-subj", `/CN=${host}`);
    await writeFile(join(directory, `${name}.ext`), `subjectAltName=DNS:${host}\n`);
    const signed = ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2", "-extfile", `${name}.ext`];
    await openssl(directory, "x509", "-req", "-in", `${name}.csr`, "-out", `${name}.pem`, ...signed);
  }
}

describe.runIf(found || process.env.CI)("TLS", () => {
  let directory: string;
  let right: TestPostgres;
  let wrongName: TestPostgres;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "mcp-tls-"));
    await makeCertificates(directory);
    const start = async (name: string) => {
      const [cert, key] = await Promise.all(
        ["pem", "key"].map((end) => readFile(join(directory, `${name}.${end}`), "utf8")),
      );
      if (!cert || !key) throw new Error("openssl made nothing");
      return startPostgres({ tls: { cert, key } });
    };
    [right, wrongName] = await Promise.all([start("server"), start("other")]);
  });
  afterAll(async () => {
    await Promise.all([right?.stop("immediate"), wrongName?.stop("immediate"), rm(directory, { recursive: true })]);
  });

  const byName = (server: TestPostgres, query = "") => `${server.url.replace("127.0.0.1", "localhost")}${query}`;
  const ca = () => join(directory, "ca.pem");
  const encrypted = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()";

  test.each([
    ["verify-full", () => ({ databaseUrl: byName(right), caFile: ca() })],
    ["verify-full of the URL", () => ({ databaseUrl: byName(right, `?sslmode=verify-full&sslrootcert=${ca()}`) })],
    [
      "verify-ca with another name",
      () => ({ databaseUrl: byName(wrongName), caFile: ca(), sslMode: "verify-ca" as const }),
    ],
    ["require with nothing to check", () => ({ databaseUrl: byName(wrongName, "?sslmode=require") })],
    ["channel binding", () => ({ databaseUrl: byName(right, "?channel_binding=require"), caFile: ca() })],
  ])("connects: %s", async (_, given) => {
    const lease = await openSource(given()).acquire(never);
    expect(await valueFrom(lease, encrypted)).toBe(true);
    lease.release("again");
  });

  test("interrupts over TLS", async () => {
    const lease = await openSource({ databaseUrl: byName(right), caFile: ca() }).acquire(never);
    const { ended } = await startSleep(lease, right.url);
    await lease.interrupt();
    expect(await ended).toMatchObject({ code: "57014" });
    expect(await valueFrom(lease, encrypted)).toBe(true);
    lease.release("again");
  });

  test.each([
    [
      "an unknown authority",
      () => ({ databaseUrl: byName(right, "?sslmode=verify-full") }),
      /not trusted here/,
      /--ca-file/,
    ],
    [
      "another authority",
      () => ({ databaseUrl: byName(right), caFile: join(directory, "stranger.pem") }),
      /not trusted here/,
      /--ca-file/,
    ],
    [
      "another authority, with verify-ca",
      () => ({ databaseUrl: byName(right), caFile: join(directory, "stranger.pem"), sslMode: "verify-ca" as const }),
      /not trusted here/,
      /--ca-file/,
    ],
    [
      "another authority, with require",
      () => ({ databaseUrl: byName(right, "?sslmode=require"), caFile: join(directory, "stranger.pem") }),
      /not trusted here/,
      /--ca-file/,
    ],
    [
      "another name",
      () => ({ databaseUrl: byName(wrongName), caFile: ca() }),
      /for another name.*db\.example/,
      /verify-ca/,
    ],
    [
      "an address that the certificate does not name",
      () => ({ databaseUrl: right.url, caFile: ca() }),
      /for another name/,
      /verify-ca/,
    ],
  ])("refuses %s", async (_, given, words, hint) => {
    const attempt = openSource(given()).acquire(never);
    await expect(attempt).rejects.toMatchObject({
      code: "UNAVAILABLE",
      message: expect.stringMatching(words),
      hint: expect.stringMatching(hint),
    });
  });

  test("warns once of a server that nobody checks", async () => {
    const warnings: unknown[] = [];
    const log = { ...silent, warn: (...said: unknown[]) => void warnings.push(said) };
    const unverified = openSource({ databaseUrl: byName(right, "?sslmode=require"), log });
    for (let time = 0; time < 2; time++) (await unverified.acquire(never)).release("again");
    expect(warnings).toHaveLength(1);
    const verified = openSource({ databaseUrl: byName(right), caFile: ca(), log });
    (await verified.acquire(never)).release("again");
    expect(warnings).toHaveLength(1);
  });

  test("can begin at once where the server can, for queries and for interrupts", async () => {
    if (right.version < 17) return;
    const databaseUrl = byName(right, "?sslnegotiation=direct");
    const lease = await openSource({ databaseUrl, caFile: ca() }).acquire(never);
    const { ended } = await startSleep(lease, right.url);
    await lease.interrupt();
    expect(await ended).toMatchObject({ code: "57014" });
    lease.release("again");
  });
});
