/** Median, and the quartiles around it as the spread. */
export interface Summary {
  median: number;
  lower: number;
  upper: number;
}

/** @param values at least one */
export function summarize(values: number[]): Summary {
  const sorted = [...values].sort((a, b) => a - b);
  return { median: quantile(sorted, 0.5), lower: quantile(sorted, 0.25), upper: quantile(sorted, 0.75) };
}

/** Linear interpolation between the two nearest ranks. */
function quantile(sorted: number[], fraction: number): number {
  const rank = (sorted.length - 1) * fraction;
  const [below, above] = [sorted[Math.floor(rank)], sorted[Math.ceil(rank)]];
  if (below === undefined || above === undefined) throw new RangeError("No values to summarize");
  return below + (above - below) * (rank - Math.floor(rank));
}
