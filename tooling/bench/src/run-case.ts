import type { BenchCase, Subject, Target } from "./bench-case.js";
import { type Summary, summarize } from "./statistics.js";

export interface Verdict {
  target: Target;
  /** Our median divided by the other's, or our median itself where the target is a limit. */
  measured: number;
  met: boolean;
}

export interface CaseResult {
  benchCase: BenchCase;
  summaries: Partial<Record<Subject, Summary>>;
  verdicts: Verdict[];
}

/** Measures the subjects in turns, so that whatever else the machine does falls on all of them alike. */
export async function runCase(benchCase: BenchCase): Promise<CaseResult> {
  const subjects = Object.entries(benchCase.subjects) as [Subject, () => Promise<number>][];
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
  const against = "against" in target ? others[target.against]?.median : 1;
  if (!ours || !against) throw new Error("A target names a subject that is not measured");
  const measured = ours.median / against;
  return { target, measured, met: measured <= ("against" in target ? target.ratio : target.limit) };
}
