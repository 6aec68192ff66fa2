/**
 * Shares a budget so that small demands are met in full and large ones get equal parts of what is left.
 * @returns what each demand gets, in the order given
 */
export function shareBudget(demands: readonly number[], budget: number): number[] {
  const shares = demands.map(() => 0);
  const bySize = [...demands.entries()].sort(([, a], [, b]) => a - b);
  let left = budget;
  for (const [position, [index, demand]] of bySize.entries()) {
    const share = Math.min(demand, Math.floor(left / (bySize.length - position)));
    shares[index] = share;
    left -= share;
  }
  return shares;
}
