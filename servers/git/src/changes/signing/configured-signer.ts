import { readFileSync, statSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { ToolError } from "@mcp-reference/validation";
import { textOf } from "../../repository/bytes/byte-string.js";
import type { GitConfig } from "../../repository/config/types.js";
import { parseSshPrivateKey } from "./ssh-private-key.js";
import { sshSignature } from "./ssh-signature.js";

/** Bytes; the largest keys take a tenth of it. */
const LARGEST_KEY = 64 * 1024;

/** Makes the signature of a commit or tag. */
export type Signer = (payload: Uint8Array) => string;

/**
 * What signs commits or tags, as the configuration asks for it; undefined where it does not. Which key is for the user to say: a
 * repository that somebody else made must not have any file of theirs read.
 * @throws ToolError UNSUPPORTED where it asks for what only a program can do: OpenPGP, X.509, an agent, a passphrase
 */
export function configuredSigner(config: GitConfig, what: "commit.gpgsign" | "tag.gpgsign"): Signer | undefined {
  if (config.flag(what) !== true) return undefined;
  const format = config.get("gpg.format") ?? "openpgp";
  if (format !== "ssh") throw cannotSign(`gpg.format ${format} needs a program, and this server runs none`);
  const named = config.ofUser("user.signingkey");
  if (named === undefined)
    throw cannotSign("user.signingkey is not set in your own git config; a repository's does not count");
  if (/^(?:key::|ssh-|ecdsa-|sk-)/.test(named)) throw cannotSign("user.signingkey is a key of an agent, not a file");
  const key = parseSshPrivateKey(readKey(textOf(named)));
  return (payload) => sshSignature(payload, key);
}

/** Git takes the name of the public key too; the private one then lies beside it. */
function readKey(named: string): string {
  const file = path.resolve(named.replace(/^~(?=\/)/, os.homedir())).replace(/\.pub$/, "");
  try {
    const stats = statSync(file);
    if (stats.isFile() && stats.size <= LARGEST_KEY) return readFileSync(file, "latin1");
  } catch {
    // Told below: whether it is missing or may not be read makes no difference here.
  }
  throw cannotSign("the private key that user.signingkey names cannot be read");
}

const cannotSign = (why: string): ToolError =>
  new ToolError("UNSUPPORTED", `Signing is configured, but ${why}`, {
    hint: "Pass sign: false to go on without a signature, or use git itself",
  });
