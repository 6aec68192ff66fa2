import { createPrivateKey, type JsonWebKey, type KeyObject } from "node:crypto";
import { ToolError } from "@mcp-reference/validation";
import { SshReader, sshMpint, sshString } from "./ssh-wire.js";

/** A key that signatures are made with. */
export interface SshPrivateKey {
  readonly key: KeyObject;
  /** What SSH calls its kind: `ssh-ed25519`, `ssh-rsa`, `ecdsa-sha2-nistp256` … */
  readonly type: string;
  /** As it stands in `.pub` files, before base64. */
  readonly publicBlob: Buffer;
}

const CURVES: Record<string, string> = { nistp256: "P-256", nistp384: "P-384", nistp521: "P-521" };
const MAGIC = "openssh-key-v1\0";
const ARMOR = /-----BEGIN OPENSSH PRIVATE KEY-----([A-Za-z0-9+/=\s]+)-----END OPENSSH PRIVATE KEY-----/;

/**
 * Reads a private key file: OpenSSH's own format, or PEM.
 * @throws ToolError UNSUPPORTED for a key that needs a passphrase or a device, and for what is no private key
 */
export function parseSshPrivateKey(file: string): SshPrivateKey {
  try {
    const armored = ARMOR.exec(file)?.[1];
    return armored === undefined ? fromPem(file) : fromOpenSsh(Buffer.from(armored, "base64"));
  } catch (error) {
    if (error instanceof ToolError) throw error;
    // Nothing of the cause is told: it may quote the key.
    throw unusable("user.signingkey names no private key that can be read");
  }
}

function fromPem(pem: string): SshPrivateKey {
  if (/ENCRYPTED/.test(pem)) throw needsPassphrase();
  const key = createPrivateKey(pem);
  const jwk = key.export({ format: "jwk" });
  if (key.asymmetricKeyType === "rsa") {
    return keyOf(key, "ssh-rsa", [sshMpint(number(jwk.e)), sshMpint(number(jwk.n))]);
  }
  if (key.asymmetricKeyType === "ed25519") return keyOf(key, "ssh-ed25519", [sshString(number(jwk.x))]);
  const curve = Object.keys(CURVES).find((name) => CURVES[name] === jwk.crv);
  if (key.asymmetricKeyType !== "ec" || curve === undefined) throw unusable("The signing key is of an unknown kind");
  const point = Buffer.concat([Buffer.from([4]), number(jwk.x), number(jwk.y)]);
  return keyOf(key, `ecdsa-sha2-${curve}`, [sshString(curve), sshString(point)]);
}

function fromOpenSsh(bytes: Buffer): SshPrivateKey {
  if (!bytes.subarray(0, MAGIC.length).equals(Buffer.from(MAGIC))) throw new RangeError("not an OpenSSH key");
  const outer = new SshReader(bytes, MAGIC.length);
  const cipher = outer.text();
  outer.text();
  outer.string();
  if (cipher !== "none") throw needsPassphrase();
  if (outer.uint32() !== 1) throw new RangeError("not one key");
  const publicBlob = outer.string();
  const inner = new SshReader(outer.string());
  const check = inner.uint32();
  if (check !== inner.uint32()) throw new RangeError("damaged key");
  const type = inner.text();
  return { key: createPrivateKey({ key: jwkOf(type, inner), format: "jwk" }), type, publicBlob };
}

/** The secret numbers in the order that each kind of key keeps them. */
function jwkOf(type: string, inner: SshReader): JsonWebKey {
  if (type === "ssh-ed25519") {
    const x = inner.string();
    return { kty: "OKP", crv: "Ed25519", x: base64(x), d: base64(inner.string().subarray(0, 32)) };
  }
  if (type === "ssh-rsa") {
    const [n, e, d, qi, p, q] = Array.from({ length: 6 }, () => inner.string()) as Six;
    const dp = modulus(d, p);
    const dq = modulus(d, q);
    return { kty: "RSA", ...mapped({ n, e, d, p, q, qi }), dp, dq };
  }
  const curve = inner.text();
  const crv = CURVES[curve];
  if (type !== `ecdsa-sha2-${curve}` || crv === undefined) {
    throw unusable(`The signing key is of a kind that needs more than its file (${type.slice(0, 60)})`);
  }
  const point = inner.string().subarray(1);
  const size = point.length / 2;
  const d = unsigned(inner.string());
  const padded = Buffer.concat([Buffer.alloc(Math.max(0, size - d.length)), d]);
  return { kty: "EC", crv, x: base64(point.subarray(0, size)), y: base64(point.subarray(size)), d: base64(padded) };
}

type Six = [Buffer, Buffer, Buffer, Buffer, Buffer, Buffer];

const keyOf = (key: KeyObject, type: string, parts: Buffer[]): SshPrivateKey => ({
  key,
  type,
  publicBlob: Buffer.concat([sshString(type), ...parts]),
});

const unsigned = (digits: Buffer): Buffer =>
  digits.subarray(
    Math.max(
      0,
      digits.findIndex((byte) => byte !== 0),
    ),
  );
const base64 = (digits: Buffer): string => digits.toString("base64url");
const number = (digits: string | undefined): Buffer => Buffer.from(digits ?? "", "base64url");
const mapped = (numbers: Record<string, Buffer>): Record<string, string> =>
  Object.fromEntries(Object.entries(numbers).map(([name, digits]) => [name, base64(unsigned(digits))]));

/** `d mod (prime - 1)`, which RSA keys in JSON have to hold and OpenSSH leaves out. */
function modulus(d: Buffer, prime: Buffer): string {
  const hex = (BigInt(`0x${d.toString("hex")}`) % (BigInt(`0x${prime.toString("hex")}`) - 1n)).toString(16);
  return base64(Buffer.from(hex.padStart(hex.length + (hex.length % 2), "0"), "hex"));
}

const needsPassphrase = () => unusable("The signing key is protected by a passphrase");

const unusable = (what: string) =>
  new ToolError("UNSUPPORTED", `Commits are to be signed, but ${what.charAt(0).toLowerCase()}${what.slice(1)}`, {
    hint: "Pass sign: false to go on without a signature, or use git itself",
  });
