import * as z from "zod";

/** What Windows takes; Linux takes less. */
const LONGEST_PATH = 32_768;

/** Text of so many characters, and of one at least. */
export function textUpTo(most: number) {
  // Not .min().max(): every tool's schema would carry the numbers, and the model pays for them.
  return z.string().refine((text) => text.length > 0 && text.length <= most, `must have 1 to ${most} characters`);
}

/** A path as its user wrote it: not trimmed, not normalised — a leading space is part of a name. */
export const filePath = textUpTo(LONGEST_PATH)
  .refine((path) => !path.includes("\0"), "must not contain a null byte")
  .describe("Absolute, or relative to the first allowed directory");

/** A line number as editors count: from 1. */
export const lineNumber = z.number().int().min(1);

/** The size of a page of a short list. */
export const limit = z.number().int().min(1).max(100).describe("Entries a page, 1–100");

/** What a result's `nextCursor` gave. */
export const cursor = textUpTo(16_384).describe("nextCursor of the page before");

const UNITS: Record<string, number> = { "": 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 };

/** A number of bytes: `65536`, `64k`, `16m`, `1g` (binary multiples). */
export const byteSize = z
  .union([z.number().int().nonnegative(), z.string().regex(/^\d+[kmg]?$/i, "must be bytes, such as 65536, 64k or 16m")])
  .transform((size) => {
    if (typeof size === "number") return size;
    const unit = size.at(-1)?.toLowerCase() ?? "";
    return Number.parseInt(size, 10) * (UNITS[unit] ?? 1);
  });

/** Config field of servers that call out: what the URL guard of the security package lets through besides public hosts. */
export const allowPrivateHosts = z
  .array(z.string().regex(/^(?:\[[\da-f:.]+\]|[^\s:/?#@\\[\]]+)(?::\d{1,5})?$/i, "must be a host, or host:port"))
  .default([])
  .describe("Hosts that may have private addresses: name, address or host:port")
  .meta({ env: "ALLOW_PRIVATE_HOSTS", placeholder: "host" });
