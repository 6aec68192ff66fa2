import { bytes } from "../amounts.js";
import type { CompareResult } from "../indexes/compare-with-indexes.js";
import type { Explanation } from "./explain-query.js";
import { costChange } from "./plan-tree.js";

/** Findings shown at most: what follows is hardly worth doing. */
const MOST_FINDINGS = 12;

/**
 * An explanation as text: the plan, what is wrong with it, and the plan with hypothetical indexes.
 * @param room bytes; what does not fit is cut at the end of a line
 */
export function explanationText(
  explanation: Omit<Explanation, "judged">,
  room: number,
): { body: string; note: string | undefined } {
  const { tree, findings, generic, comparison } = explanation;
  const shown = findings.slice(0, MOST_FINDINGS);
  const parts = [
    ...(generic ? ["Planned for any values of the parameters; give params for the plan of certain ones."] : []),
    ...(shown.length > 0
      ? [["Findings, the costliest first:", ...shown.map(({ found, advice }) => `- ${found}. → ${advice}`)].join("\n")]
      : ["Findings: none."]),
    ...(comparison ? [comparisonText(comparison)] : []),
    `Plan (rows, time or cost with what is below; own: without):\n${tree}`,
  ];
  return cut(parts.join("\n\n"), room);
}

function comparisonText({ method, before, after, tree, indexes, note }: CompareResult): string {
  const how = method === "hypopg" ? "planned by PostgreSQL through HypoPG" : "ESTIMATE";
  return [
    `With hypothetical indexes (${how}): cost ${costChange(before, after)}`,
    ...indexes.map(({ sql, used, size }) => {
      const facts = [
        used === undefined ? undefined : used ? "used" : "NOT used",
        size === undefined ? undefined : `about ${bytes(size)}`,
      ];
      const known = facts.filter(Boolean).join(", ");
      return `- ${sql}${known && ` (${known})`}`;
    }),
    ...(note ? [note] : []),
    ...(tree ? [tree] : []),
  ].join("\n");
}

function cut(whole: string, room: number): { body: string; note: string | undefined } {
  if (Buffer.byteLength(whole) <= room) return { body: whole, note: undefined };
  const note = "Cut at --max-output: the rest of the plan is not shown.";
  const lines: string[] = [];
  let left = room - Buffer.byteLength(note);
  for (const line of whole.split("\n")) {
    left -= Buffer.byteLength(line) + 1;
    if (left < 0) break;
    lines.push(line);
  }
  return { body: lines.join("\n"), note };
}
