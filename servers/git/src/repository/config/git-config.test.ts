import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describeGit, git, gitBytes, tempDir } from "@mcp-reference/testing";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { discover } from "../layout/discover.js";
import { readConfig } from "./git-config.js";
import { parseConfig } from "./parse-config.js";
import { matchesPath } from "./path-pattern.js";

let dir: string;
let home: string;

beforeEach(async () => {
  dir = await tempDir();
  home = await tempDir();
  vi.stubEnv("HOME", home);
  vi.stubEnv("XDG_CONFIG_HOME", "");
  vi.stubEnv("GIT_CONFIG_GLOBAL", undefined);
});
afterEach(() => {
  vi.unstubAllEnvs();
});

const settings = () => readConfig(discover(dir, { paths: [dir] }));
const write = (name: string, text: string) => writeFileSync(name, text);

/** `name\nvalue` of every setting, as git lists them. */
function listed(): string[] {
  const env = { HOME: home, GIT_CONFIG_GLOBAL: join(home, ".gitconfig") };
  return gitBytes(dir, ["config", "--list", "-z"], { env }).toString().split("\0").slice(0, -1);
}

function expectAsGit(): void {
  const config = settings();
  const byName = new Map<string, string[]>();
  for (const line of listed()) {
    const end = line.indexOf("\n");
    const name = end < 0 ? line : line.slice(0, end);
    if (name === "init.defaultbranch") continue;
    byName.set(name, [...(byName.get(name) ?? []), end < 0 ? "true" : line.slice(end + 1)]);
  }
  for (const [name, values] of byName) expect([name, config.all(name)]).toEqual([name, values]);
}

describeGit("settings are as git reads them", () => {
  beforeEach(() => {
    git(dir, "init", "-q");
    write(join(home, ".gitconfig"), "");
  });

  test("quotes, escapes, continuation lines, comments, subsections of both styles", () => {
    write(
      join(dir, ".git/config"),
      `# c\n;c\n[core]bare = false\n\tFileMode=yes # no\n[Remote "Or\\"ig\\\\in"]\n url = "a # b" ; c\n url =  spaced  out  \n` +
        `[branch.Main] Merge = x\\\n  y\n[a "b.c"]\r\n d = "q\\tw\\nz"\r\n e\n f =\n[a-b.c "d"]x-1 = "1" 2 "3"\n[x] y = "multi\\\nline"`,
    );
    expectAsGit();
    expect(settings().subsections("REMOTE")).toEqual(['Or"ig\\in']);
    expect(settings().get("branch.main.MERGE")).toBe("x  y");
    expect(settings().flag("a.b.c.e")).toBe(true);
    expect(settings().flag("a.b.c.f")).toBe(false);
    expect(settings().flag("a.b.c.g")).toBeUndefined();
  });

  test("whatever git writes", () => {
    const value = fc.string({ unit: fc.constantFrom("a", " ", '"', "\\", "#", ";", "\n", "é", "="), maxLength: 12 });
    fc.assert(
      fc.property(value, value, (name, content) => {
        if (name.includes("\n")) return;
        git(dir, "config", "--replace-all", `s.${name}x.key`, content);
        expect(settings().get(`s.${Buffer.from(name).toString("latin1")}x.key`)).toBe(
          Buffer.from(content).toString("latin1"),
        );
      }),
      { numRuns: 40 },
    );
  });

  test("files that include others, on conditions", () => {
    mkdirSync(join(home, "sub"));
    git(dir, "symbolic-ref", "HEAD", "refs/heads/topic/one");
    const conditions = [
      `gitdir:${dir}/`,
      `gitdir:**/.git`,
      `gitdir:${dir.toUpperCase()}/`,
      `gitdir/i:${dir.toUpperCase()}/`,
      "gitdir:~/",
      "onbranch:topic/",
      "onbranch:topic/*",
      "onbranch:main",
      "hasconfig:remote.*.url:https://example.com/**",
      "hasconfig:remote.*.url:https://elsewhere/**",
      "unknown:x",
    ];
    write(
      join(home, ".gitconfig"),
      `[include]path = sub/plain\n[include]path=absent\n${conditions.map((c, i) => `[includeIf "${c}"]\npath = ~/sub/${i}\n`).join("")}[last]x=0\n`,
    );
    for (let i = 0; i < conditions.length; i++) write(join(home, `sub/${i}`), `[seen]at = ${i}\n[last]x = ${i}`);
    write(join(home, "sub/plain"), "[include]path = ../more\n[plain]x = 1");
    write(join(home, "more"), "[plain]x = 2");
    git(dir, "config", "remote.origin.url", "https://example.com/a/b");
    git(dir, "config", "include.path", "../shared.config");
    write(join(dir, "shared.config"), "[shared]x = 1");
    expectAsGit();
    expect(settings().get("shared.x")).toBe("1");
  });

  test("settings of one worktree", () => {
    git(dir, "config", "extensions.worktreeConfig", "true");
    git(dir, "config", "--worktree", "core.sparseCheckout", "true");
    expectAsGit();
    expect(settings().flag("core.sparsecheckout")).toBe(true);
  });

  test.each(["1k", "0x10", "010", "-3", "2G", " 7", "+5"])("the number %s", (number) => {
    write(join(dir, ".git/config"), `[a]n = "${number}"`);
    expect(`${settings().number("a.n")}`).toBe(git(dir, "config", "--type=int", "a.n"));
  });
});

describeGit("what a hostile repository includes", () => {
  beforeEach(() => {
    git(dir, "init", "-q");
  });

  test("is read from the repository alone", async () => {
    const outside = await tempDir();
    write(join(outside, "secret"), "[secret]x = 1");
    write(
      join(dir, ".git/config"),
      `[include]path = ${outside}/secret\n[include]path = /dev/zero\n[include]path = ../link\n[a]b = 1`,
    );
    const { symlinkSync } = await import("node:fs");
    symlinkSync(join(outside, "secret"), join(dir, "link"));
    expect(settings().get("secret.x")).toBeUndefined();
    expect(settings().get("a.b")).toBe("1");
  });

  test("comes to an end", () => {
    write(join(dir, ".git/config"), "[include]path = config");
    expect(() => settings()).toThrow(expect.objectContaining({ code: "INVALID_ARGUMENT" }));
    write(join(dir, ".git/config"), "[include]\npath = a\npath = a\npath = a\n");
    write(join(dir, ".git/a"), "[include]\npath = b\npath = b\npath = b\npath = b\n".repeat(3));
    write(join(dir, ".git/b"), "[include]\npath = c\npath = c\npath = c\npath = c\n".repeat(3));
    write(join(dir, ".git/c"), "[x]y = 1");
    expect(() => settings()).toThrow(expect.objectContaining({ code: "TOO_LARGE" }));
  });
});

describe("the syntax", () => {
  test.each([
    "[",
    "[a",
    "key = 1",
    "[a]\n1x = 2",
    '[a]\nb = "',
    "[a]\nb = \\q",
    '[a "b\n"]',
    "[a]\nb # c",
    "[ a]",
    "[a ]",
  ])("refuses %j without repeating it", (text) => {
    const error = expect.objectContaining({
      code: "INVALID_ARGUMENT",
      message: expect.stringMatching(/^Line \d of the config file f is malformed$/),
    });
    expect(() => parseConfig(text, "f")).toThrow(error);
  });

  test("survives any bytes", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'[]"\\\n#;=ab. \t\r\0'), maxLength: 200 }), (text) => {
        try {
          parseConfig(text, "f");
        } catch (error) {
          expect(error).toMatchObject({ code: "INVALID_ARGUMENT" });
        }
      }),
    );
  });

  test("takes long files in linear time", () => {
    expect(parseConfig(`[a "${"\\\\".repeat(200_000)}"]b = ${"x ".repeat(200_000)}`, "f")).toHaveLength(1);
    expect(() => parseConfig("[a]\n".concat("b\n".repeat(60_000)), "f")).toThrow();
  });

  test("patterns of paths", () => {
    expect(matchesPath("**/.git", "/a/b/.git")).toBe(true);
    expect(matchesPath("/a/**", "/a/b/c")).toBe(true);
    expect(matchesPath("/a/*", "/a/b/c")).toBe(false);
    expect(matchesPath("a/**/b", "a/b")).toBe(true);
    expect(matchesPath("[a-c]?\\*", "bx*")).toBe(true);
    expect(matchesPath("[!a-c]", "b")).toBe(false);
    expect(matchesPath(`${"*a".repeat(500)}b`, "a".repeat(4000))).toBe(false);
  });
});
