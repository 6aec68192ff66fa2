import { ToolError } from "@mcp-reference/validation";
import { type ByteString, textOf } from "../bytes/byte-string.js";

/** Bytes of one config file. */
export const LARGEST_CONFIG = 4 * 1024 * 1024;

const FACTORS: Readonly<Record<string, number>> = { "": 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 };

/**
 * A boolean as git reads it.
 * @param value null for a key without `=`
 * @throws ToolError INVALID_ARGUMENT
 */
export function readBoolean(name: string, value: ByteString | null): boolean {
  if (value === null || /^(?:true|yes|on)$/i.test(value)) return true;
  if (value === "" || /^(?:false|no|off)$/i.test(value)) return false;
  const number = toNumber(value);
  if (number === undefined) throw notA("boolean", name);
  return number !== 0;
}

/** A whole number as git reads it, with `k`, `m` or `g` behind it. @throws ToolError INVALID_ARGUMENT */
export function readNumber(name: string, value: ByteString | null): number {
  const number = toNumber(value ?? "");
  if (number === undefined) throw notA("number", name);
  return number;
}

function toNumber(value: ByteString): number | undefined {
  const match = /^\s*([+-]?)(0x[0-9a-f]+|\d+)([kmg]?)$/i.exec(value);
  if (!match) return undefined;
  const [, sign, digits = "", unit = ""] = match;
  // A leading 0 means octal, as everywhere in C.
  const size = /^0\d/.test(digits) ? Number.parseInt(digits, 8) : Number(digits);
  const number = size * (FACTORS[unit.toLowerCase()] ?? 1);
  if (!Number.isSafeInteger(number)) return undefined;
  return sign === "-" ? -number : number;
}

const notA = (kind: string, name: string): ToolError =>
  new ToolError("INVALID_ARGUMENT", `The git setting ${textOf(name)} is not a ${kind}`, {
    hint: "Correct it in the config",
  });
