import type { AdvisedIndex, AdvisedQuery } from "./advised.js";
import type { Candidate } from "./candidates.js";
import type { Trial } from "./trial.js";

/** An index that saves less of the whole is not worth its writes. */
const LEAST_GAIN = 0.05;
/** A simpler index wins against one that is better by less than this. */
const CLEARLY = 0.9;

/**
 * Chooses indexes greedily: in each round the one that lowers the weighted cost of all queries most.
 * @returns the indexes in the order of their gain, and what each query costs with all of them
 */
export async function chooseIndexes(
  queries: readonly AdvisedQuery[],
  candidates: readonly Candidate[],
  trial: Trial,
  most: number,
): Promise<{ indexes: AdvisedIndex[]; costs: number[] }> {
  const weigh = (costs: readonly number[]) =>
    costs.reduce((sum, cost, place) => sum + cost * (queries[place]?.weight ?? 1), 0);
  const indexes: AdvisedIndex[] = [];
  let costs = queries.map(({ judged }) => judged.plan.Plan["Total Cost"]);
  let left = [...candidates];
  while (indexes.length < most && left.length > 0) {
    const before = weigh(costs);
    const tried: Tried[] = [];
    for (const candidate of left) {
      const affected = queries.filter(({ judged }) => judged.relations.has(nameOf(candidate)));
      const result = await trial.try(candidate, affected);
      if (result === undefined) continue;
      const all = costs.map((cost, place) => {
        const query = queries[place];
        return (query && result.costs[affected.indexOf(query)]) ?? cost;
      });
      tried.push({ candidate, costs: all, after: weigh(all), size: result.size });
    }
    const best = bestOf(tried);
    if (best === undefined || before - best.after < before * LEAST_GAIN) break;
    await trial.keep(best.candidate);
    const { sql, reason } = best.candidate;
    indexes.push({ sql, reason, size: best.size, before, after: best.after });
    costs = best.costs;
    // What gained nothing now gains nothing beside a better one.
    left = tried.filter((one) => one !== best && one.after < before).map(({ candidate }) => candidate);
  }
  return { indexes, costs };
}

interface Tried {
  candidate: Candidate;
  costs: number[];
  after: number;
  size: number;
}

const nameOf = ({ relation }: Candidate) => `${relation.schema}.${relation.name}`;

/** The cheapest, unless a narrower one is nearly as good. */
function bestOf(tried: readonly Tried[]): Tried | undefined {
  const [cheapest, ...others] = [...tried].sort((a, b) => a.after - b.after);
  if (cheapest === undefined) return undefined;
  const columns = ({ candidate }: Tried) => candidate.keys.length + 2 * candidate.included.length;
  return others
    .filter(({ after }) => cheapest.after >= after * CLEARLY)
    .reduce((best, other) => (columns(other) < columns(best) ? other : best), cheapest);
}
