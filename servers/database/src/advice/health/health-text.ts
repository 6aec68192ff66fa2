import type { CheckResult, HealthReport } from "./check-health.js";

const ROWS = 20;

/** All checks as text, with evidence as lines of `name: value`. */
export function healthText({ checks, status }: HealthReport): string {
  return [`Overall: ${status}`, ...checks.map(checkText)].join("\n\n");
}

const checkText = ({ check, status, summary, advice, evidence = [] }: CheckResult) =>
  [
    `${check}: ${status.toUpperCase()}. ${summary}`,
    ...evidence.slice(0, ROWS).map(
      (row) =>
        `  ${Object.entries(row)
          .map(([name, value]) => `${name}: ${value}`)
          .join("; ")}`,
    ),
    ...(evidence.length > ROWS ? [`  … ${evidence.length - ROWS} more`] : []),
    ...(advice ? [`  To do: ${advice}`] : []),
  ].join("\n");
