import { ToolError } from "@mcp-reference/validation";
import * as z from "zod";

/**
 * Parses what a client sent against a declared schema.
 * @param what names the tool or prompt in the error
 * @throws ToolError INVALID_ARGUMENT naming each field that is wrong and, for an unknown one, those accepted in its place
 */
export function parseInput(schema: z.ZodObject, given: unknown, what: string): Record<string, unknown> {
  const accepted: string[] = [];
  const parsed = schema.safeParse(given ?? {}, {
    error: (issue) => {
      if (issue.code === "unrecognized_keys" && issue.inst instanceof z.ZodObject) {
        accepted.push(...Object.keys(issue.inst.shape));
      }
      return undefined;
    },
  });
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(describeIssue);
  const unknownField = parsed.error.issues.some((issue) => issue.code === "unrecognized_keys");
  throw new ToolError("INVALID_ARGUMENT", `${what}: ${problems.join("; ")}`, {
    hint: unknownField ? hintOf(accepted) : undefined,
  });
}

const hintOf = (accepted: readonly string[]) =>
  accepted.length === 0 ? "It takes no fields at all" : `Accepted fields: ${accepted.join(", ")}`;

/** Field and problem in one line. */
export function describeIssue(issue: z.core.$ZodIssue): string {
  const path = issue.path.map(String).join(".");
  if (issue.code === "unrecognized_keys") {
    return `unknown field ${issue.keys.map((key) => JSON.stringify([...issue.path, key].join("."))).join(", ")}`;
  }
  return path ? `${path}: ${issue.message}` : issue.message;
}
