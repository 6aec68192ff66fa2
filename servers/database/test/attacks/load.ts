import { readdirSync, readFileSync } from "node:fs";
import { type ErrorCode, errorCodes } from "@mcp-reference/validation";

/** Roles: an ordinary reader, one on whose search_path others have put functions and operators, and the superuser. */
export const attackRoles = { reader: "attack_reader", shadowed: "attack_shadowed", superuser: "postgres" } as const;

/** One statement that must be refused. */
export interface Attack {
  file: string;
  name: string;
  sql: string;
  params?: unknown[];
  /** What it must be refused with. */
  code: ErrorCode;
  /** Who runs it; see {@link attackRoles}. */
  as: keyof typeof attackRoles;
  /** Mask rules that must be configured; empty for none. */
  masks: readonly string[];
  /** Extension without which there is nothing to attack. */
  needs?: string;
}

const here = (file: string) => new URL(file, import.meta.url);

/** Run once by a superuser in a database of its own: schema `shop`, role `attack_reader`. */
export const setupSql = readFileSync(here("setup.sql"), "utf8");

/** Rules under which the attacks of `masks.sql` are made. */
export const attackMasks: readonly string[] = [
  "shop.users.email",
  "shop.users.card=last4",
  "shop.people.secret",
  "shop.managers.phone",
  "shop.ruled_view.email",
];

const HEADER = /^-- ([A-Z_]+)((?: \w+=\S+| superuser| shadowed)*): (.+)$/gm;

/**
 * Every attack. A file holds blocks of a header — `-- CODE superuser needs=dblink params=["x"]: name` — and the statement
 * below it, in which `\u{…}` stands for a character that a file cannot show.
 */
export function loadAttacks(): Attack[] {
  return readdirSync(here("."))
    .filter((file) => file.endsWith(".sql") && file !== "setup.sql")
    .sort()
    .flatMap((file) => readAttacks(file));
}

function readAttacks(file: string): Attack[] {
  const text = readFileSync(here(file), "utf8");
  const headers = [...text.matchAll(HEADER)];
  return headers.map((header, index) => {
    const [line, code = "", flags = "", name = ""] = header;
    if (!errorCodes.some((known) => known === code)) throw new Error(`${file}: ${code} is no error code`);
    const body = text.slice(header.index + line.length, headers[index + 1]?.index);
    const flag = (key: string) => new RegExp(` ${key}=(\\S+)`).exec(flags)?.[1];
    const [params, needs] = [flag("params"), flag("needs")];
    return {
      file,
      name,
      sql: body.trim().replace(/\\u\{([0-9a-f]+)\}/g, (_, point) => String.fromCodePoint(Number.parseInt(point, 16))),
      code: code as ErrorCode,
      as: flags.includes(" superuser") ? "superuser" : flags.includes(" shadowed") ? "shadowed" : "reader",
      masks: file.startsWith("masks") ? attackMasks : [],
      ...(params && { params: JSON.parse(params) }),
      ...(needs && { needs }),
    };
  });
}
