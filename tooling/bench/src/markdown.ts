import { cpus } from "node:os";
import type { Unit } from "./bench-case.js";
import type { CaseResult, Verdict } from "./run-case.js";
import type { Summary } from "./statistics.js";

/** One row a case: medians with their quartiles, and each target with what was measured. */
export function markdownTable(results: CaseResult[], peers: string[]): string {
  const header = ["Case", "Ours", ...peers, "Native", "Target", "Measured", "Met"];
  const rows = results.map(({ benchCase: { name, unit }, summaries, verdicts }) => [
    name,
    ...["ours", ...peers, "native"].map((subject) => spread(summaries[subject], unit)),
    verdicts.map((verdict) => wanted(verdict, unit)).join("<br>"),
    verdicts.map((verdict) => measured(verdict, unit)).join("<br>"),
    verdicts.map(({ met }) => (met ? "yes" : "**no**")).join("<br>"),
  ]);
  return [header, header.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

/** What the figures were measured on. */
export function machine(): string {
  return `${cpus().length} cores, ${process.platform} ${process.arch}, Node ${process.versions.node}`;
}

function spread(summary: Summary | undefined, unit: Unit): string {
  if (!summary) return "";
  const { median, lower, upper } = summary;
  const same = amount(lower, unit) === amount(upper, unit);
  return same ? amount(median, unit) : `${amount(median, unit)} (${digits(lower)}–${digits(upper)})`;
}

function wanted({ target }: Verdict, unit: Unit): string {
  if ("limit" in target) return `≤ ${amount(target.limit, unit)}`;
  const than = target.against === "peer" ? "the fastest peer" : target.against;
  if ("plus" in target) return `≤ ${than} + ${amount(target.plus, unit)}`;
  return target.ratio < 0.2 ? `≥ ${digits(1 / target.ratio)}× faster than ${than}` : `≤ ${target.ratio}× ${than}`;
}

function measured({ target, measured: value }: Verdict, unit: Unit): string {
  if ("limit" in target) return amount(value, unit);
  if ("plus" in target) return `${value < 0 ? "−" : "+"}${amount(Math.abs(value), unit)}`;
  return target.ratio < 0.2 ? `${digits(1 / value)}× faster` : `${value.toFixed(2)}×`;
}

function amount(value: number, unit: Unit): string {
  return unit === "bytes" ? `${Math.round(value)} bytes` : `${digits(value)} ${unit}`;
}

/** Three significant digits, which is more than the spread allows for. */
function digits(value: number): string {
  return value >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
}
