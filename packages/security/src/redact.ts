const REDACTED = "[redacted]";

/** `password=`, `"client_secret": `, and the latter inside JSON inside JSON. */
const NAMED_SECRET = String.raw`((?:password|passwd|passphrase|pwd|secret|token|(?:api|access|private)[_-]?key)(?:\\?["'])?[ \t]{0,8}[=:][ \t]{0,8})`;
/** One done already, quoted with escaped quotes, quoted, or bare. */
const VALUE = [
  String.raw`\[redacted\]`,
  String.raw`\\"(?:[^"\\\n]+|\\[^"\n]){0,4096}(?:\\")?`,
  String.raw`"(?:[^"\\\n]+|\\.){0,4096}"?`,
  String.raw`'(?:[^'\\\n]+|\\.){0,4096}'?`,
  String.raw`[^\s"',;&]+`,
].join("|");

/**
 * A repetition is bounded, or what follows it always matches, or it cannot begin again within its own run: the time
 * grows with the text alone, whatever is in it.
 */
const SHAPES: readonly (readonly [shape: RegExp, replacement: string])[] = [
  // A key without its end hides the rest of the text: half a key is half a secret.
  [
    /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|$)/g,
    REDACTED,
  ],
  // scheme://user:password@host: a password may hold anything but a slash or a space.
  [/(:\/\/[^\s:@/?#]{0,256}:)[^\s/]{1,1024}(?=@)/g, `$1${REDACTED}`],
  [/((?:authorization|cookie)["']?[ \t]{0,8}[=:][ \t]{0,8}["']?)[^\r\n"']+/gi, `$1${REDACTED}`],
  [/\b(bearer|basic)([ \t]{1,8})[\w.~+/=-]{8,}/gi, `$1$2${REDACTED}`],
  [/\bxox[a-z]-[\w-]{8,}|\bxapp-[\w-]{8,}/g, REDACTED],
  [/\bgh[pousr]_\w{16,}|\bgithub_pat_\w{16,}|\bglpat-[\w-]{16,}/g, REDACTED],
  [/\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g, REDACTED],
  [/\bsk-[\w-]{16,}|\b[rs]k_(?:live|test)_\w{16,}/g, REDACTED],
  [/(?<![\w-])eyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?/g, REDACTED],
  [new RegExp(`${NAMED_SECRET}(?:${VALUE})`, "gi"), `$1${REDACTED}`],
];

/**
 * Replaces what looks like a secret by `[redacted]`: the values given, and the shapes of well-known tokens, keys and
 * passwords. For logs and error text of others — not for file contents, where it would falsify.
 * @param secrets known values; also found as URLs, JSON and CSV spell them.
 */
export function redact(text: string, secrets: readonly string[] = []): string {
  const known = new Set(secrets.flatMap(secretSpellings).filter((secret) => secret !== ""));
  let redacted = text;
  // The longest first: a secret may begin with another one.
  for (const secret of [...known].sort((a, b) => b.length - a.length)) redacted = redacted.replaceAll(secret, REDACTED);
  for (const [shape, replacement] of SHAPES) redacted = redacted.replace(shape, replacement);
  return redacted;
}

/** A value as it stands, and as URLs, JSON and CSV spell it. */
export const secretSpellings = (secret: string): string[] => [
  secret,
  encodeURIComponent(Buffer.from(secret).toString()),
  JSON.stringify(secret).slice(1, -1),
  secret.replaceAll('"', '""'),
];
