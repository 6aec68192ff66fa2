import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type * as z from "zod";
import { ToolError } from "./tool-error.js";

const VERSION = 1;
const MAC_BYTES = 16;

export interface CursorCodec {
  /** Seals `position` (any JSON value) for one `caller` and one `purpose` (tool plus the arguments that shape the list). */
  encode(position: unknown, bound: CursorBinding): string;
  /**
   * Opens a cursor.
   * @param field its name in the error
   * @throws ToolError INVALID_ARGUMENT when it was not made by this server for this caller and purpose.
   */
  decode<T>(cursor: string, bound: CursorBinding, schema: z.ZodType<T>, field?: string): T;
}

export interface CursorBinding {
  caller: string;
  purpose: string;
}

/**
 * Opaque, versioned cursors: base64url of version byte, MAC and JSON position. The MAC covers caller
 * and purpose, so a cursor is worthless to another caller, for another tool or with other arguments.
 * @param key at least 32 bytes; replicas that serve one client share it. Random by default.
 */
export function createCursorCodec(key: Uint8Array = randomBytes(32)): CursorCodec {
  const mac = (body: string, { caller, purpose }: CursorBinding) =>
    createHmac("sha256", key)
      .update(JSON.stringify([VERSION, caller, purpose, body]))
      .digest()
      .subarray(0, MAC_BYTES);

  return {
    encode(position, bound) {
      const body = JSON.stringify(position);
      return Buffer.concat([Buffer.of(VERSION), mac(body, bound), Buffer.from(body)]).toString("base64url");
    },
    decode(cursor, bound, schema, field = "cursor") {
      const bytes = Buffer.from(cursor, "base64url");
      const body = bytes.subarray(1 + MAC_BYTES).toString();
      const given = bytes.subarray(1, 1 + MAC_BYTES);
      const genuine = bytes[0] === VERSION && given.length === MAC_BYTES && timingSafeEqual(given, mac(body, bound));
      if (!genuine) throw foreign(field);
      const position = schema.safeParse(JSON.parse(body));
      if (!position.success) throw foreign(field);
      return position.data;
    },
  };
}

const foreign = (field: string) =>
  new ToolError("INVALID_ARGUMENT", `${field} is not one this server gave out for this call`, {
    hint: `Leave ${field} out to start again; afterwards keep the other arguments as they were`,
  });

/** A short, stable name for a set of arguments: what a cursor or an audit line is bound to. */
export function digest(value: unknown): string {
  return createHash("sha256").update(canonical(value)).digest("base64url").slice(0, 22);
}

/** JSON with sorted keys, so that equal values give equal text. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value) ?? "null";
  const entries = Object.entries(value).filter(([, member]) => member !== undefined);
  return `{${entries
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`)
    .join()}}`;
}
