import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileGlob } from "../glob/glob.js";
import { defaultSecrets, secretPatterns } from "./secret-defaults.js";
import { SecretPolicy } from "./secret-policy.js";

const defaults = new SecretPolicy(defaultSecrets);

describe("the default policy", () => {
  it.each([
    ".env",
    ".ENV",
    ".env.local",
    ".env.production",
    "app/.env",
    ".envrc",
    "prod.env",
    "id_rsa",
    "deep/down/id_ed25519",
    "server.pem",
    "server.KEY",
    "store.jks",
    ".npmrc",
    ".netrc",
    ".git-credentials",
    "home/.aws/credentials",
    ".aws/credentials",
    ".docker/config.json",
    ".kube/config",
    ".ssh",
    ".ssh/config",
    ".ssh/id_rsa.pub",
    "a/.gnupg/pubring.kbx",
    "credentials.json",
    "service-account.json",
    "service-account-prod.json",
    "passwords.kdbx",
    ".config/gcloud/anything/below",
    // What some file system takes for the same name
    ".env.",
    ".env ",
    "id_rsa...",
    ".\u017f\u017fh/config",
    ".net\u200brc",
    "server.\u212aey",
    ".e\ufe0fnv/x",
  ])("hides %j", (path) => expect(defaults.hides(path)).toBe(true));

  it.each([
    "",
    ".env.example",
    ".env.sample",
    ".env.template",
    ".env.dist",
    ".env.defaults",
    ".env.local.example",
    "example.env",
    "id_rsa.pub",
    "environment.ts",
    "env",
    "src/credentials/index.ts",
    "credentials",
    "config.json",
    "docker/config.json",
    "x.docker/config.json",
    "key",
    "monkey",
    "keys/list.ts",
    "ssh/config",
    "keyboard.keymap",
    "pem",
    "...",
    " ",
  ])("shows %j", (path) => expect(defaults.hides(path)).toBe(false));
});

describe("own patterns", () => {
  const policy = (deny: string[], allow: string[] = []) => new SecretPolicy(secretPatterns(deny, allow));

  it("without a slash match a name at any depth, with one the path below the root", () => {
    const own = policy(["private", "config/*.yml", "/top", "deep/**/x?"]);
    expect(
      ["private", "a/private", "a/private/b", "config/a.yml", "top", "deep/x1", "deep/a/b/x2"].map((path) =>
        own.hides(path),
      ),
    ).not.toContain(false);
    expect(
      ["config", "a/config/a.yml", "config/a/b.yml", "a/top", "deep/x", "privateer"].map((path) => own.hides(path)),
    ).not.toContain(true);
  });

  it("uncover single files of a hidden directory, and nothing else of it", () => {
    const own = policy([], [".ssh/config", "*.pem"]);
    expect(own.hides(".ssh")).toBe(true);
    expect(own.hides(".ssh/config")).toBe(false);
    expect(own.hides(".ssh/id_rsa")).toBe(true);
    expect(own.hides("server.pem")).toBe(false);
  });

  it("win over the defaults' exceptions", () => {
    expect(policy([".env*"]).hides(".env.example")).toBe(true);
    expect(policy([".env*"], [".env.example"]).hides(".env.example")).toBe(false);
  });

  it("hide all that is below what they hide, and agree with the glob they are", () => {
    const name = fc.constantFrom("a", "b.c", ".d", "ab", "b.C");
    const piece = fc.constantFrom("a", "*", "?", "a*", "*.c", "[a-b]", "**", "{a,.d}");
    fc.assert(
      fc.property(
        fc.array(piece, { minLength: 1, maxLength: 3 }),
        fc.array(name, { minLength: 1, maxLength: 4 }),
        (pieces, names) => {
          const pattern = pieces.join("/");
          const own = new SecretPolicy({ deny: [pattern], allow: [] });
          const glob = compileGlob(pattern, { nocase: true });
          const prefixes = names.map((_, index) => names.slice(0, index + 1));
          const hidden = prefixes.some((prefix) => glob(pieces.length > 1 ? prefix.join("/") : (prefix.at(-1) ?? "")));
          expect(own.hides(names.join("/"))).toBe(hidden);
        },
      ),
    );
  });

  it("do not depend on the order of questions", () => {
    const paths = fc.array(fc.constantFrom("a", ".ssh", ".env", "x.pem", "b"), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(fc.array(paths, { minLength: 2 }), (questions) => {
        const shared = new SecretPolicy(defaultSecrets);
        for (const names of questions) {
          expect(shared.hides(names.join("/"))).toBe(new SecretPolicy(defaultSecrets).hides(names.join("/")));
        }
      }),
    );
  });
});
