import { ToolError } from "@mcp-reference/validation";
import type { Facts, RelationFact } from "./lookup.js";
import type { GatePolicy } from "./policy.js";
import { whyRefused } from "./reviewed.js";

/** Refuses relations that hold secrets or lead out of this database, also behind views. @throws ToolError PERMISSION_DENIED */
export function refuseRelations({ relations, secretSettings }: Facts, policy: GatePolicy): void {
  if (secretSettings) {
    throw new ToolError("PERMISSION_DENIED", "the settings of this server hold a password (primary_conninfo)", {
      hint: "SHOW the one setting that is needed",
    });
  }
  for (const relation of relations) {
    const why = whyRefused(relation.schema, relation.name, policy.masks.length > 0) ?? whyForeign(relation, policy);
    if (why) throw new ToolError("PERMISSION_DENIED", `${named(relation)} may not be read: ${why}`);
  }
}

/**
 * A foreign table runs its wrapper's code: file_fdw reads files and runs programs, others nobody knows. postgres_fdw reads
 * another PostgreSQL inside a transaction that is rolled back with ours, but a mask does not reach there.
 */
function whyForeign({ handler }: RelationFact, policy: GatePolicy): string | undefined {
  if (!handler || policy.allowFunctions.includes(`${handler.schema}.${handler.name}`)) return undefined;
  const maskless = policy.masks.length === 0;
  if (handler.extension === "postgres_fdw" && maskless) return undefined;
  const why =
    handler.extension === "postgres_fdw" ? "masks do not reach another server" : "it leads out of this database";
  return `${why}; allow ${handler.schema}.${handler.name} with --allow-functions if it may`;
}

function named({ root, rootName, rootSchema, schema, name, viewed }: RelationFact & { root: number }): string {
  const relation = `${schema}.${name}`;
  return viewed || rootName !== name ? `${rootSchema}.${rootName} (through it, ${relation})` : `${root && relation}`;
}
