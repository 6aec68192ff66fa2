import { chmod, writeFile } from "node:fs/promises";
import { userInfo } from "node:os";
import { join } from "node:path";
import { ConfigError } from "@mcp-reference/runtime";
import { tempDir } from "@mcp-reference/testing";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type * as z from "zod";
import { config } from "../config.js";
import { type ConnectionSettings, connectionSettings } from "./settings.js";

type Given = z.input<typeof config>;

/** No file of the machine's user takes part. */
const clean = { PGPASSFILE: "/nonexistent" };

function settings(given: Given, env: NodeJS.ProcessEnv = {}, secrets: string[] = []): ConnectionSettings[] {
  return connectionSettings(config.parse(given), { ...clean, ...env }, (secret) => secrets.push(secret));
}

function one(databaseUrl: string, env?: NodeJS.ProcessEnv, more: Given = {}): ConnectionSettings {
  const [first] = settings({ ...more, databaseUrl }, env);
  if (!first) throw new Error("no settings");
  return first;
}

function problems(given: Given, env?: NodeJS.ProcessEnv): readonly string[] {
  try {
    settings(given, env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe("the address", () => {
  test.each([
    [
      "postgres://ada:pw@db.example:6543/shop",
      { host: "db.example", port: 6543, user: "ada", password: "pw", database: "shop" },
    ],
    ["postgresql://ada@db.example/shop", { port: 5432, password: undefined }],
    ["POSTGRES://ada@db.example/shop", { host: "db.example" }],
    ["postgres://ada%40x:p%2Fw%3A%23@db.example/my%20shop", { user: "ada@x", password: "p/w:#", database: "my shop" }],
    ["postgres://ada:p@ss@db.example/shop", { host: "db.example", password: "p@ss" }],
    ["postgres://ada:a:b@db.example/shop", { password: "a:b" }],
    ["postgres://ada@[2001:db8::1]:6543/shop", { host: "2001:db8::1", port: 6543 }],
    ["postgres://ada@[::1]/shop", { host: "::1", ssl: false }],
    ["postgres://ada@/shop?host=/run/postgresql&port=6543", { host: "/run/postgresql", port: 6543, ssl: false }],
    ["postgres://ada@%2Frun%2Fpostgresql:6543/shop", { host: "/run/postgresql", port: 6543 }],
    [
      "postgres:///?host=db.example&user=ada&password=pw&dbname=shop",
      { user: "ada", password: "pw", database: "shop" },
    ],
    ["postgres://", { host: "localhost", port: 5432, user: userInfo().username, database: userInfo().username }],
    ["postgres://ada@db.example", { database: "ada" }],
  ])("%s", (url, expected) => {
    expect(one(url)).toMatchObject(expected);
  });

  test("lacks nothing that PG* variables say, and goes before them", () => {
    const env = { PGHOST: "h", PGPORT: "1234", PGUSER: "u", PGDATABASE: "d", PGPASSWORD: "p" };
    expect(one("postgres://", env)).toMatchObject({ host: "h", port: 1234, user: "u", database: "d", password: "p" });
    const url = "postgres://u2:p2@h2:2/d2";
    expect(one(url, env)).toMatchObject({ host: "h2", port: 2, user: "u2", database: "d2", password: "p2" });
  });

  test("comes back from any percent-encoded parts", () => {
    const part = fc.string({ minLength: 1, unit: "grapheme" }).filter((text) => !text.includes("\0"));
    fc.assert(
      fc.property(part, part, part, fc.integer({ min: 1, max: 65_535 }), (user, password, database, port) => {
        const encoded = [user, password, database].map(encodeURIComponent);
        const parsed = one(`postgres://${encoded[0]}:${encoded[1]}@localhost:${port}/${encoded[2]}`);
        expect(parsed).toMatchObject({ user, password, database, port });
      }),
    );
  });
});

describe("what cannot work is told in a line", () => {
  test.each([
    ["mysql://ada:hunter2pw@db/shop", /postgres:\/\/user:password@host/],
    ["postgres://ada:hunter2pw#x@db/shop", /percent-encode/],
    ["postgres://ada:hunter2pw/x@db/shop", /port.*password/],
    ["postgres://ada:hunter2pw?x@db/shop", /percent-encode|password/],
    ["postgres://ada:hunter2pw%@db/shop", /%25/],
    ["postgres://ada:hunter2pw@db:0/shop", /port/],
    ["postgres://ada:hunter2pw@a,b/shop", /several hosts/],
    ["postgres://ada:hunter2pw@a:1,b:2/shop", /several hosts/],
    ["postgres://ada:hunter2pw@/shop?host=a,b", /several hosts/],
    ["postgres://ada:hunter2pw@db/shop?schema=public", /parameter schema/],
    ["postgres://ada:hunter2pw@db/shop?sslmode=no-verify", /sslmode/],
    ["postgres://ada:hunter2pw@db/shop?sslmode=verify-ca", /--ca-file/],
    ["postgres://ada:hunter2pw@db/shop?sslmode=require&sslrootcert=system", /verify-full/],
    ["postgres://ada:hunter2pw@db/shop?sslrootcert=/nonexistent/ca.pem", /ca\.pem.*ENOENT/],
    ["postgres://ada:hunter2pw@localhost/shop?sslnegotiation=direct", /sslnegotiation/],
    ["postgres://ada:hunter2pw@db/shop?connect_timeout=soon", /connect_timeout/],
    ["postgres://ada:hunter2pw@db/shop?target_session_attrs=read-write", /target_session_attrs/],
  ])("%s", (databaseUrl, words) => {
    const lines = problems({ databaseUrl });
    expect(lines[0]).toMatch(words);
    for (const line of lines) {
      expect(line).toMatch(/^DATABASE_URL: [^\n]*$/);
      expect(line).not.toMatch(/hunter2|:\/\/ada/);
    }
  });

  test("whatever stands for a URL", () => {
    fc.assert(
      fc.property(
        fc.webUrl({ withQueryParameters: true, withFragments: true }).map((url) => url.replace(/^\w+/, "postgres")),
        (url) => {
          for (const line of problems({ databaseUrl: url })) expect(line).not.toMatch(/\n/);
        },
      ),
    );
  });
});

describe("TLS", () => {
  const mode = (url: string, more?: Given) => {
    const { ssl } = one(url, {}, more);
    if (!ssl) return "disable";
    if (ssl.rejectUnauthorized === false) return "require";
    return ssl.checkServerIdentity ? "verify-ca" : "verify-full";
  };

  test.each([
    ["postgres://db.example/shop", "verify-full"],
    ["postgres://db.example/shop?sslmode=prefer", "verify-full"],
    ["postgres://db.example/shop?sslmode=allow", "verify-full"],
    ["postgres://db.example/shop?sslmode=require", "require"],
    ["postgres://db.example/shop?sslmode=require&channel_binding=require", "verify-full"],
    ["postgres://db.example/shop?sslmode=disable", "disable"],
    ["postgres://db.example/shop?ssl=true", "verify-full"],
    ["postgres://db.example/shop?sslrootcert=system", "verify-full"],
    ["postgres://localhost/shop", "disable"],
    ["postgres://localhost/shop?sslmode=prefer", "disable"],
    ["postgres://localhost/shop?sslmode=require", "require"],
    ["postgres://127.0.0.1/shop", "disable"],
    ["postgres://127.example/shop", "verify-full"],
    ["postgres://localhost.example/shop", "verify-full"],
    ["postgres://10.0.0.1/shop", "verify-full"],
  ])("%s: %s", (url, expected) => {
    expect(mode(url)).toBe(expected);
  });

  test("is what the option says before what the URL says", () => {
    expect(mode("postgres://db.example/shop?sslmode=disable", { sslMode: "verify-full" })).toBe("verify-full");
  });

  test("checks the chain where an authority is given", async () => {
    const caFile = join(await tempDir(), "ca.pem");
    await writeFile(caFile, "-----BEGIN CERTIFICATE-----\n");
    expect(mode("postgres://db.example/shop?sslmode=require", { caFile })).toBe("verify-ca");
    expect(mode("postgres://db.example/shop?sslmode=verify-ca", { caFile })).toBe("verify-ca");
    expect(mode("postgres://localhost/shop", { caFile })).toBe("verify-full");
  });
});

describe("several databases", () => {
  const env = { SHOP_URL: "postgres://a:secret-of-shop@h1/one", LOGS_URL: "postgres://a:secret-of-logs@h2/two" };
  const shop = { name: "shop", urlEnv: "SHOP_URL" };
  const logs = { name: "logs", urlEnv: "LOGS_URL" };

  test("keep their names, the first is that of DATABASE_URL", () => {
    const found = settings({ databaseUrl: "postgres://h0/main", databases: [shop, logs] }, env);
    expect(found.map(({ name, database }) => [name, database])).toEqual([
      ["main", "main"],
      ["shop", "one"],
      ["logs", "two"],
    ]);
  });

  test("never share a name", () => {
    const [first] = settings({ databaseUrl: "postgres://h0/shop", databases: [shop] }, env);
    expect(first?.name).toBe("default");
    expect(problems({ databases: [shop, { ...logs, name: "shop" }] }, env)).toEqual([
      "databases: two have the name shop",
    ]);
  });

  test("take from the options what they do not say", () => {
    const [first, second] = settings(
      {
        poolSize: 3,
        role: "reader",
        databases: [
          { ...shop, poolSize: 7 },
          { ...logs, role: "auditor" },
        ],
      },
      env,
    );
    expect(first).toMatchObject({ poolSize: 7, role: "reader" });
    expect(second).toMatchObject({ poolSize: 3, role: "auditor" });
  });

  test("come from a file too", async () => {
    const urlFile = join(await tempDir(), "url");
    await writeFile(urlFile, "postgres://ada@h3/three\n");
    expect(settings({ databases: [{ name: "x", urlFile }] })).toMatchObject([{ name: "x", database: "three" }]);
  });

  test("are told apart in problems, all at once", () => {
    const databases = [shop, { name: "none" }, { name: "gone", urlFile: "/nonexistent/url" }];
    expect(problems({ databases })).toEqual([
      "databases: shop: the environment variable SHOP_URL is not set",
      "databases: none: give one of urlEnv and urlFile",
      "databases: gone: /nonexistent/url cannot be read (ENOENT)",
    ]);
  });

  test("none is none", () => {
    expect(settings({})).toEqual([]);
  });
});

describe("secrets", () => {
  test("are kept in as written and decoded", () => {
    const secrets: string[] = [];
    settings({ databaseUrl: "postgres://ada:s%65cret%2Fpw@h/d" }, {}, secrets);
    expect(secrets).toEqual(["postgres://ada:s%65cret%2Fpw@h/d", "secret/pw", "s%65cret%2Fpw"]);
  });

  test("that are a user's or database's name are left, or they would be taken out of every result", () => {
    const secrets: string[] = [];
    settings({ databaseUrl: "postgres://postgres:postgres@h/d" }, {}, secrets);
    expect(secrets).toEqual(["postgres://postgres:postgres@h/d"]);
  });

  test("come from a password file as libpq reads it", async () => {
    const file = join(await tempDir(), "pgpass");
    await writeFile(
      file,
      "# h:5432:d:ada:no\nother:*:*:*:no\nh:5432:d\\:x:ada:es\\:caped\\\\word\nh:*:*:ada:any-database\n",
    );
    const env = { PGPASSFILE: file };
    await chmod(file, 0o600);
    const secrets: string[] = [];
    const [first] = settings({ databaseUrl: "postgres://ada@h/d%3Ax" }, env, secrets);
    expect(first?.password).toBe("es:caped\\word");
    expect(secrets).toContain("es:caped\\word");
    expect(one("postgres://ada@h/d", env).password).toBe("any-database");
    expect(one("postgres://eve@h/d", env).password).toBeUndefined();
    await chmod(file, 0o644);
    expect(one("postgres://ada@h/d", env).password).toBeUndefined();
  });
});

test("parameters that matter are taken", () => {
  const url =
    "postgres://h/d?application_name=mine&connect_timeout=3&options=-c%20geqo%3Doff&pgbouncer=true&client_encoding=UTF8";
  expect(one(url)).toMatchObject({
    applicationName: "mine",
    connectTimeoutMs: 3000,
    options: "-c geqo=off",
    throughPooler: true,
  });
  expect(one("postgres://h/d")).toMatchObject({ applicationName: "mcp-server-database", connectTimeoutMs: 10_000 });
});
