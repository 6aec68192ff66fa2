import os from "node:os";
import { ToolError } from "@mcp-reference/validation";
import { type ByteString, bytesOf } from "../repository/bytes/byte-string.js";
import type { GitConfig } from "../repository/config/types.js";
import type { Signature } from "../repository/objects/types.js";

export type Role = "author" | "committer";

export interface Person {
  readonly name: ByteString;
  readonly email: ByteString;
}

/** A moment as signatures tell it. */
export interface Moment {
  /** Seconds since 1970. */
  readonly seconds: number;
  /** `+0200`. */
  readonly zone: string;
}

/** Now, in the time zone of this machine. */
export function now(date = new Date()): Moment {
  const minutes = -date.getTimezoneOffset();
  const size = Math.abs(minutes);
  const digits = (value: number) => String(Math.floor(value)).padStart(2, "0");
  const zone = `${minutes < 0 ? "-" : "+"}${digits(size / 60)}${digits(size % 60)}`;
  return { seconds: Math.floor(date.getTime() / 1000), zone };
}

/**
 * Who makes a commit or tag, as the configuration tells.
 * @param given takes precedence
 * @throws ToolError INVALID_ARGUMENT where nobody is configured, or the name holds nothing but punctuation
 */
export function identityOf(config: GitConfig, role: Role, moment: Moment, given?: Partial<Person>): Signature {
  const name = given?.name ?? configured(config, role, "name");
  const email = given?.email ?? configured(config, role, "email");
  if (name === undefined || email === undefined) {
    throw new ToolError("INVALID_ARGUMENT", `Nobody is configured as ${role}`, {
      hint: "Set user.name and user.email in the git configuration",
    });
  }
  const cleaned = { name: withoutCrud(name), email: withoutCrud(email), ...moment };
  if (cleaned.name !== "") return cleaned;
  throw new ToolError("INVALID_ARGUMENT", `The name of the ${role} is empty`, { hint: "Set user.name" });
}

/** Who is named in reflogs: the committer, else the account this process runs under, as a reflog needs somebody. */
export function reflogIdentity(config: GitConfig, moment = now()): Signature {
  const account = accountName();
  const name = withoutCrud(configured(config, "committer", "name") ?? account);
  const email = withoutCrud(configured(config, "committer", "email") ?? `${account}@${bytesOf(os.hostname())}`);
  return { name: name || "unknown", email, ...moment };
}

function configured(config: GitConfig, role: Role, key: "name" | "email"): ByteString | undefined {
  return config.get(`${role}.${key}`) ?? config.get(`user.${key}`);
}

function accountName(): ByteString {
  try {
    return bytesOf(os.userInfo().username);
  } catch {
    return "unknown"; // an account without an entry in the user database, as in many containers
  }
}

/** A signature ends at `>` and its line; git also takes blanks, controls and punctuation off both ends. */
function withoutCrud(text: ByteString): ByteString {
  const kept = text.replace(/[\n<>\0]/g, "");
  let start = 0;
  let end = kept.length;
  while (start < end && isCrud(kept.charAt(start))) start++;
  while (end > start && isCrud(kept.charAt(end - 1))) end--;
  return kept.slice(start, end);
}

const isCrud = (character: string): boolean => character <= " " || ".,:;\"\\'".includes(character);
