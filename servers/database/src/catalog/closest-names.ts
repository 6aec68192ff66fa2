/** The few of `known` that were most likely meant by `word`, the likeliest first. */
export function closestNames<T>(word: string, known: readonly T[], nameOf: (one: T) => string, most = 3): T[] {
  const wanted = word.toLowerCase();
  const allowed = Math.max(1, Math.floor(wanted.length / 3));
  return known
    .map((one) => ({ one, slips: slipsBetween(wanted, nameOf(one).toLowerCase(), allowed) }))
    .filter(({ slips }) => slips <= allowed)
    .sort((a, b) => a.slips - b.slips)
    .slice(0, most)
    .map(({ one }) => one);
}

/** Letters put in, left out or changed (Levenshtein); more than `allowed` are not counted. */
function slipsBetween(from: string, to: string, allowed: number): number {
  if (Math.abs(from.length - to.length) > allowed) return Number.POSITIVE_INFINITY;
  let above = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (const [row, letter] of from.split("").entries()) {
    const current = [row + 1];
    for (let column = 1; column <= to.length; column++) {
      const changed = (above[column - 1] ?? 0) + (to[column - 1] === letter ? 0 : 1);
      current.push(Math.min(changed, (above[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    above = current;
  }
  return above[to.length] ?? 0;
}
