import { textOf } from "../../repository/bytes/byte-string.js";
import type { Signature } from "../../repository/objects/types.js";

/** `Name <address>`. */
export const signatureName = ({ name, email }: Signature): string => `${textOf(name)} <${textOf(email)}>`;

/** When it was, in the zone of who did it: `2026-01-15T14:30:25+02:00`. */
export function signatureDate({ seconds, zone }: Signature): string {
  const [, sign = "+", hours = "00", minutes = "00"] = /^([+-])(\d\d)(\d\d)$/.exec(zone) ?? [];
  const offset = (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
  const local = new Date((seconds + offset * 60) * 1000);
  if (Number.isNaN(local.getTime())) return `${seconds} seconds since 1970`;
  return `${local.toISOString().slice(0, -5)}${sign}${hours}:${minutes}`;
}
