import { attachment, render, user } from "@mcp-reference/runtime";
import * as z from "zod";
import { completeName } from "../catalog/complete-name.js";
import type { Description } from "../catalog/describe/description.js";
import { describeObject } from "../catalog/describe-object.js";
import { serverFacts } from "../catalog/server-facts.js";
import { prompt } from "../define.js";
import type { ReadSession } from "../engine/types.js";
import { completeDatabase } from "../resources/per-database.js";
import { objectUri } from "../resources/table-uri.js";
import { cutLines, DATA_ONLY } from "./catalog-text.js";

const RULES = `Write it so that it can run while the database is in use:
- Begin with SET lock_timeout (2–5 s) and say to try again when it runs out; keep each transaction short.
- Build and drop indexes CONCURRENTLY, outside a transaction; say how to find and drop one whose build failed.
- Add foreign keys and checks NOT VALID, then VALIDATE CONSTRAINT in a transaction of its own. Make a column NOT NULL by a validated check first.
- Expand, then contract: add the new beside the old, let the application write both, backfill in batches, switch, remove the old last. No rename or change of type under a running application.
- Say for each step which lock it takes, whether the table is rewritten or scanned, and how long that is likely to take at the size shown.
- Look at everything that hangs on the object: foreign keys both ways, views, triggers, policies, partitions.
Give the steps up, a query that checks each, and the rollback; say what a rollback cannot bring back.`;

export const writeMigration = prompt({
  name: "write_migration",
  description: "Write a migration that is safe to run on a busy database, with checks and a rollback.",
  args: z.strictObject({
    change: z.string().min(1).max(5000).describe("What is to change"),
    object: z
      .string()
      .min(1)
      .max(1000)
      .optional()
      .describe("Tables and other objects it is about, names separated by commas"),
    database: z.string().optional().describe("Name of a configured database; default: the first"),
  }),
  complete: {
    database: completeDatabase,
    object: async (typed, { databases, signal }) => {
      const [, before = "", last = ""] = /^(.*,\s*)?(.*)$/s.exec(typed) ?? [];
      const groups = last.includes(".") ? (["table", "view", "column"] as const) : (["table", "view"] as const);
      return (await completeName(databases.get(), last, { groups, signal })).map((name) => before + name);
    },
  },
  async messages({ change, object = "", database }, { databases, maxOutput, signal }) {
    const from = databases.get(database);
    const { version, described } = await from.read(
      async (session) => ({
        version: (await serverFacts(session)).version,
        described: await describeAll(session, names(object)),
      }),
      { signal },
    );
    const room = maxOutput / 2 / Math.max(1, described.length);
    const parts = described.map((description) => ({ name: description.name, ...cutLines(render(description), room) }));
    const known =
      parts.length > 0
        ? `Attached: ${parts.map(({ name }) => name).join(", ")}. ${DATA_ONLY}`
        : "Look at the objects concerned with describe_object first.";
    return [
      ...parts.map(({ name, body }) => attachment(objectUri(databases, from, name), body, "text/plain")),
      user(
        `Write a migration for PostgreSQL ${version}: ${change}\n\n${known}${parts.map(({ note }) => note).join("")}\n\n${RULES}`,
      ),
    ];
  },
});

/** Names between commas; those inside quotes or parentheses belong to a name. */
const names = (list: string) =>
  [...list.matchAll(/(?:"(?:[^"]|"")*"|\([^)]*\)|[^,"(])+/g)]
    .map(([name]) => name.trim())
    .filter((name) => name !== "");

async function describeAll(session: ReadSession, names: readonly string[]): Promise<Description[]> {
  const described: Description[] = [];
  for (const name of names) described.push(await describeObject(session, name));
  return described;
}
