import fc from "fast-check";
import { expect, it } from "vitest";
import { redact } from "./redact.js";

/** Put together here, so that no scanner takes the test for a leak. */
const join = (...parts: string[]) => parts.join("");
const RANDOM = "Zx9Qw7Er5Ty3Ui1Op8As";

it.each([
  ["Authorization: Bearer ", RANDOM, ""],
  ["authorization=Token ", RANDOM, ""],
  ["Basic ", "dXNlcjpwYXNzd29yZA==", ""],
  ["a ", join("xox", "b-123456789012-", RANDOM), " b"],
  ["a ", join("gh", "p_", RANDOM, RANDOM), " b"],
  ["a ", join("github_", "pat_", RANDOM), " b"],
  ["a ", join("AKI", "A", "ABCDEFGHIJKLMNOP"), " b"],
  ["a ", join("s", "k-proj-", RANDOM), " b"],
  ["jwt ", join("ey", "JhbGciOiJIUzI1NiJ9.", RANDOM, ".", RANDOM), " end"],
  ["postgres://user:", "p@ss:w0rd", "@host/db"],
  ["redis://:", "hunter2", "@host:6379"],
  ["password=", "hunter2", "&user=me"],
  ['{"client_secret":"', 'with \\" and space', '"}'],
  ['log {\\"token\\":\\"', RANDOM, '\\"}'],
  ["DB_PASSWORD='", "it is long", "'"],
  ["SLACK_BOT_TOKEN: ", RANDOM, "\n"],
  ["https://h/p?api_key=", RANDOM, "&x=1"],
  ["Cookie: ", "session=abc; other=def", "\nAccept: x"],
])("takes the secret out of %j…", (before, secret, after) => {
  const redacted = redact(before + secret + after);
  expect(redacted).toContain("[redacted]");
  for (const word of secret.split(/[\s"\\;]+/).filter((part) => part.length > 3)) expect(redacted).not.toContain(word);
  expect(redact(redacted)).toBe(redacted);
});

it("takes whole private keys, also cut off ones", () => {
  const key = join("-----BEGIN RSA PRIV", "ATE KEY-----\n", RANDOM, "\n-----END RSA PRIV", "ATE KEY-----");
  expect(redact(`a ${key} b ${key} c`)).toBe("a [redacted] b [redacted] c");
  expect(redact(`a ${key.slice(0, -10)}`)).toBe("a [redacted]");
});

it.each([
  "ENOENT: no such file or directory, open '/tmp/a'",
  "connect ECONNREFUSED 127.0.0.1:5432",
  "https://example.com:8080/path?x=1",
  "see http://[::1]:80/ and mail me@example.com",
  "tokens 512, keyboard, task-list, basic idea",
  "-----BEGIN CERTIFICATE-----\nabc\n-----END CERTIFICATE-----",
])("leaves %j alone", (text) => expect(redact(text)).toBe(text));

it("takes known values out in every spelling, the longest first", () => {
  const secret = 'p"ä/ss word';
  const text = [secret, encodeURIComponent(secret), JSON.stringify({ x: secret }), `${secret}-longer`].join("\n");
  expect(redact(text, [secret, `${secret}-longer`, ""])).toBe('[redacted]\n[redacted]\n{"x":"[redacted]"}\n[redacted]');
});

it("never leaves a known value in any text", () => {
  fc.assert(
    fc.property(fc.string({ minLength: 4, unit: "binary" }), fc.string(), fc.string(), (secret, before, after) => {
      fc.pre(!"[redacted]".includes(secret));
      expect(redact(before + secret + after, [secret]).includes(secret)).toBe(false);
    }),
  );
});

it.each([
  ["runs of letters", "a"],
  ["begun tokens", "eyJaaaaaaaa-"],
  ["begun keys", join("-----BEGIN PRIV", "ATE KEY-----")],
  ["begun addresses", "://a:"],
  ["words for passwords", "password"],
  ["backslashes", 'token="\\'],
  ["quotes", 'token="'],
  ["spaces", "bearer        "],
  ["dashes", "-----BEGIN "],
  ["at signs", "://u:p@"],
])("takes time in proportion to the text: %s", (_, piece) => {
  const text = piece.repeat(Math.ceil(500_000 / piece.length));
  // Quadratic time would be hours; the limit of the test is what catches it.
  expect(redact(text).length).toBeLessThan(text.length * 3);
});
