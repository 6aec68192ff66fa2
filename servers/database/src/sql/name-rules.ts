import { ToolError } from "@mcp-reference/validation";
import type { CalledFunction, Mentions } from "./names.js";
import type { GatePolicy } from "./policy.js";
import { isRefused, isSecretSetting, whyRefused } from "./reviewed.js";
import { firstIn, inSlot, text } from "./tree.js";

/** Where PostgreSQL cuts a long name depends on the server's encoding when it is not plain ASCII. Bytes. */
const LONGEST_SURE_NAME = 59;

/** Refuses what names alone give away, before the database is asked. @throws ToolError */
export function refuseNames(mentions: Mentions, policy: GatePolicy, use: "read" | "write"): void {
  for (const named of Object.values(mentions).flat()) {
    if (named.schema?.startsWith("pg_temp")) throw new ToolError("PERMISSION_DENIED", "pg_temp is not open to queries");
    if (!isAscii(named.name) && Buffer.byteLength(named.name) > LONGEST_SURE_NAME) {
      throw new ToolError("INVALID_ARGUMENT", `the name ${named.name} is too long`);
    }
  }
  for (const called of mentions.functions) {
    const { schema, name, args, asAttribute } = called;
    if (name === "current_setting") refuseSecretSetting(called);
    if (asAttribute || !isRefused(name, args) || isAllowed(called, policy)) continue;
    if (use === "write" && (name === "nextval" || name === "setval")) continue;
    throw refusedFunction(schema ? `${schema}.${name}` : name, "may change or read things behind this server's back");
  }
  for (const { schema, name } of mentions.relations) {
    const why = whyRefused(schema, name, policy.masks.length > 0);
    if (why) throw new ToolError("PERMISSION_DENIED", `${name} may not be read: ${why}`);
  }
}

/** @param name with its schema where that is known */
export const refusedFunction = (name: string, why: string): ToolError =>
  new ToolError("PERMISSION_DENIED", `the function ${name} ${why}`, {
    hint: "Do without it; whoever runs this server can allow it with --allow-functions schema.name",
  });

export const isAscii = (name: string): boolean => Buffer.byteLength(name) === name.length;

/** By any schema: which one an unqualified name means is known only after the lookup, which checks again. */
function isAllowed({ schema, name }: CalledFunction, { allowFunctions }: GatePolicy): boolean {
  return allowFunctions.some((allowed) => (schema ? allowed === `${schema}.${name}` : allowed.endsWith(`.${name}`)));
}

function refuseSecretSetting({ node }: CalledFunction): void {
  const [named] = inSlot(node, "args");
  const constant = named && firstIn(named, "sval");
  if (!constant) {
    throw new ToolError("PERMISSION_DENIED", "current_setting may only be asked for a setting named in the SQL itself");
  }
  const setting = text(constant, "sval");
  if (isSecretSetting(setting)) throw new ToolError("PERMISSION_DENIED", `the setting ${setting} may hold a secret`);
}
