import type { BenchCase, Subject, Target } from "./bench-case.js";
import { type Summary, summarize } from "./statistics.js";

export interface Verdict {
  target: Target;
  /** Our median: divided by the other's for a ratio, less the other's for a difference, itself for a limit. */
  measured: number;
  met: boolean;
}

export interface CaseResult {
  benchCase: BenchCase;
  summaries: Record<Subject, Summary>;
  verdicts: Verdict[];
}

/** Measures the subjects in turns, so that whatever else the machine does falls on all of them alike. */
export async function runCase(benchCase: BenchCase): Promise<CaseResult> {
  const subjects = Object.entries(benchCase.subjects);
  const values = new Map<Subject, number[]>(subjects.map(([subject]) => [subject, []]));
  for (let round = 0; round <= benchCase.rounds; round += 1) {
    for (const [subject, measure] of subjects) {
      const value = await measure();
      if (round > 0) values.get(subject)?.push(value);
    }
  }
  const summaries = Object.fromEntries([...values].map(([subject, measured]) => [subject, summarize(measured)]));
  return { benchCase, summaries, verdicts: benchCase.targets.map((target) => judge(target, summaries)) };
}

function judge(target: Target, { ours, ...others }: CaseResult["summaries"]): Verdict {
  if (!ours) throw new Error("A target is set for what is not measured");
  if ("limit" in target) return { target, measured: ours.median, met: ours.median <= target.limit };
  const other = medianOf(target.against, others);
  if ("plus" in target) return { target, measured: ours.median - other, met: ours.median - other <= target.plus };
  return { target, measured: ours.median / other, met: ours.median / other <= target.ratio };
}

function medianOf(against: Subject, { native, ...peers }: CaseResult["summaries"]): number {
  const named = against === "native" ? native : peers[against];
  const found = against === "peer" ? Object.values(peers) : named ? [named] : [];
  if (found.length === 0) throw new Error("A target names a subject that is not measured");
  return Math.min(...found.map(({ median }) => median));
}
