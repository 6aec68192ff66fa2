import { createUrlGuard } from "@mcp-reference/security";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { remoteFields } from "../config-fields.js";
import { clonedPath } from "./cloned-path.js";
import { Credentials } from "./credentials.js";
import { openRemoteAccess } from "./remote-access.js";
import { givenUrl, remoteUrl, shownUrl } from "./remote-url.js";

const guard = createUrlGuard();
const withCode = (code: string) => expect.objectContaining({ code });

describe("credentials", () => {
  const credentials = new Credentials([
    { host: "github.com", secret: "t" },
    { host: "http://127.0.0.1:3000", username: "me", secret: "p" },
  ]);

  test.each([
    ["https://github.com/a/b.git", "", `Basic ${btoa("x-access-token:t")}`],
    ["https://github.com:443/a", "", `Basic ${btoa("x-access-token:t")}`],
    ["https://github.com/a", 'Bearer realm="x"', "Bearer t"],
    ["https://github.com/a", "Basic, Bearer", `Basic ${btoa("x-access-token:t")}`],
    ["http://127.0.0.1:3000/a", "Bearer", `Basic ${btoa("me:p")}`],
  ])("for %s (%s) are %s", (url, challenge, expected) => {
    expect(credentials.authorizationFor(new URL(url), challenge)).toBe(expected);
  });

  test.each([
    "http://github.com/a",
    "https://github.com:8443/a",
    "https://github.com.evil.test/a",
    "https://evil.test/github.com",
    "https://api.github.com/",
    "http://127.0.0.1:3001/a",
    "https://127.0.0.1:3000/a",
  ])("are not for %s", (url) => {
    expect(credentials.authorizationFor(new URL(url))).toBeUndefined();
  });

  test.each(["", "https://github.com/path", "https://u:p@github.com", "ftp://github.com", "git hub.com"])(
    "are for no %j",
    (host) => {
      expect(() => new Credentials([{ host, secret: "t" }])).toThrow(RangeError);
    },
  );
});

describe("the configuration", () => {
  const parse = (fields: object) => z.object(remoteFields).parse(fields);

  test("makes known every secret, as it is and as it is sent", () => {
    const kept: string[] = [];
    const config = parse({
      gitToken: "t0ken",
      remoteCredentials: [{ host: "git.corp.example", username: "me", secretEnv: "CORP" }],
    });
    const access = openRemoteAccess(config, { CORP: "s3cret" }, (secret) => kept.push(secret));
    expect(kept).toEqual(["t0ken", btoa("x-access-token:t0ken"), "s3cret", btoa("me:s3cret")]);
    expect(access.credentials.authorizationFor(new URL("https://git.corp.example/a"))).toBe(
      `Basic ${btoa("me:s3cret")}`,
    );
    expect(access.maxPack).toBe(2 ** 30);
  });

  test.each([
    [{ gitToken: "t", gitPassword: "p", gitUsername: "u" }],
    [{ gitPassword: "p" }],
    [{ remoteCredentials: [{ host: "a.test", secretEnv: "NOT_SET" }] }],
  ])("that cannot work is refused: %j", (fields) => {
    expect(() => openRemoteAccess(parse(fields), {}, () => {})).toThrow(RangeError);
  });
});

describe("URLs of remotes", () => {
  test.each([
    "git@github.com:a/b.git",
    "github.com:a/b.git",
    "ssh://git@github.com/a",
    "git+ssh://github.com/a",
    "git://github.com/a",
    "file:///a",
    "/a/b",
    "../b",
    "C:\\a",
    "ext::sh -c id",
    "fd::3",
    "https::https://github.com/a",
    "-x",
    "",
    "ftp://github.com/a",
    "rsync://a/b",
  ])("%s is not supported", (url) => {
    expect(() => remoteUrl(url, guard)).toThrow(withCode("UNSUPPORTED"));
  });

  test("over ssh have a hint of the same over https", () => {
    expect(() => remoteUrl("git@github.com:a/b.git", guard)).toThrow(
      expect.objectContaining({ hint: "Use its https:// URL, likely https://github.com/a/b.git" }),
    );
  });

  test("lose the credentials that a config gave them; calls give none", () => {
    expect(remoteUrl("https://u:p@github.com/a", guard).href).toBe("https://github.com/a");
    expect(() => givenUrl("https://u:p@github.com/a", guard)).toThrow(withCode("INVALID_ARGUMENT"));
  });

  test.each([
    ["https://u:p@github.com/a", "https://github.com/a"],
    ["https://u:p@ss@github.com/a@b", "https://github.com/a@b"],
    ["ssh://git:x@host/a", "ssh://host/a"],
    ["https://github.com/\u001b[0m", "https://github.com/[0m"],
  ])("%s are shown as %s", (url, shown) => {
    expect(shownUrl(url)).toBe(shown);
  });

  test.each([
    ["https://github.com/a/b.git", "b"],
    ["https://github.com/a/b/", "b"],
    ["https://github.com/a/b.c.git?x=/y", "b.c"],
  ])("%s is cloned into %s", (url, name) => {
    expect(clonedPath(url)).toBe(name);
  });

  test.each(["https://github.com/..", "https://github.com/.git", "https://github.com/-x"])(
    "%s names no directory",
    (url) => {
      expect(() => clonedPath(url)).toThrow(withCode("INVALID_ARGUMENT"));
    },
  );
});
