import { bytesOf } from "../repository/bytes/byte-string.js";
import type { ConfigLine } from "../repository/config/parse-config.js";

/** `Name <address>` as `user.name` and `user.email`. */
export function authorSettings(author: string | undefined): ConfigLine[] {
  const [, name, email] = /^(.+) <(.+)>$/.exec(author ?? "") ?? [];
  if (name === undefined || email === undefined) return [];
  const user = { section: "user", subsection: undefined };
  return [
    { ...user, key: "name", value: bytesOf(name) },
    { ...user, key: "email", value: bytesOf(email) },
  ];
}
