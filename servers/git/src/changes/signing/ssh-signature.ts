import { createHash, sign } from "node:crypto";
import type { SshPrivateKey } from "./ssh-private-key.js";
import { sshMpint, sshString, sshUint32 } from "./ssh-wire.js";

const HASH = "sha512";
const CURVE_HASHES: Record<string, string> = {
  "ecdsa-sha2-nistp256": "sha256",
  "ecdsa-sha2-nistp384": "sha384",
  "ecdsa-sha2-nistp521": "sha512",
};

/**
 * A signature as `ssh-keygen -Y sign -n NAMESPACE` makes it (OpenSSH's PROTOCOL.sshsig).
 * @returns armored, with a line feed at the end
 */
export function sshSignature(message: Uint8Array, { key, type, publicBlob }: SshPrivateKey, namespace = "git"): string {
  const digest = createHash(HASH).update(message).digest();
  const signed = Buffer.concat([
    Buffer.from("SSHSIG"),
    sshString(namespace),
    sshString(""),
    sshString(HASH),
    sshString(digest),
  ]);
  const blob = Buffer.concat([
    Buffer.from("SSHSIG"),
    sshUint32(1),
    sshString(publicBlob),
    sshString(namespace),
    sshString(""),
    sshString(HASH),
    sshString(rawSignature(signed, key, type)),
  ]);
  const lines = blob.toString("base64").match(/.{1,70}/g) ?? [];
  return ["-----BEGIN SSH SIGNATURE-----", ...lines, "-----END SSH SIGNATURE-----", ""].join("\n");
}

function rawSignature(data: Buffer, key: SshPrivateKey["key"], type: string): Buffer {
  if (type === "ssh-ed25519") return Buffer.concat([sshString(type), sshString(sign(null, data, key))]);
  if (type === "ssh-rsa") return Buffer.concat([sshString("rsa-sha2-512"), sshString(sign("sha512", data, key))]);
  const pair = sign(CURVE_HASHES[type] ?? HASH, data, { key, dsaEncoding: "ieee-p1363" });
  const half = pair.length / 2;
  const numbers = Buffer.concat([sshMpint(pair.subarray(0, half)), sshMpint(pair.subarray(half))]);
  return Buffer.concat([sshString(type), sshString(numbers)]);
}
