import { reads } from "@mcp-reference/runtime";
import * as z from "zod";
import { checkHealth as check, checkNames } from "../advice/health/check-health.js";
import { tool } from "../define.js";
import { databaseName } from "../fields.js";

const status = z.enum(["ok", "warning", "critical", "unknown"]);

/** Rows of evidence: of what is wrong in a survey, of everything where a check was asked for by name. */
const SURVEY_ROWS = 5;
const NAMED_ROWS = 50;

export const checkHealth = tool({
  name: "check_health",
  description: "Check a database's health: each check with status, evidence and what to do.",
  effect: reads(),
  set: "tune",
  input: z.strictObject({
    checks: z.array(z.enum(checkNames)).min(1).optional().describe("Default all, in short; named ones in full"),
    database: databaseName,
  }),
  output: z.object({
    status: status.describe("The worst"),
    checks: z
      .array(
        z.object({
          check: z.string().describe("Its name"),
          status: status.describe("unknown: the role may not see"),
          summary: z.string().describe("What was found"),
          advice: z.string().optional().describe("What to do"),
          evidence: z
            .array(z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])))
            .optional()
            .describe("Rows that show it"),
          more: z.number().optional().describe("Rows of evidence left out"),
        }),
      )
      .describe("In order"),
  }),
  async handle({ checks, database }, { databases, signal }) {
    const report = await databases.get(database).read((session) => check(session, checks), { signal });
    return {
      status: report.status,
      checks: report.checks.map(({ evidence = [], ...result }) => {
        const most = checks ? NAMED_ROWS : result.status === "ok" ? 0 : SURVEY_ROWS;
        const shown = evidence.slice(0, most);
        const more = result.status === "ok" ? 0 : evidence.length - shown.length;
        return { ...result, ...(shown.length > 0 && { evidence: shown }), ...(more > 0 && { more }) };
      }),
    };
  },
});
