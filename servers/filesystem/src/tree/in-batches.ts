/**
 * Runs `work` on every item, some at a time. When one fails the others of its batch still come to an end first: none
 * may go on in a directory that is closed by then, since the number of its descriptor soon means another one.
 */
export async function inBatches<T>(items: readonly T[], size: number, work: (item: T) => Promise<void>): Promise<void> {
  for (let start = 0; start < items.length; start += size) {
    const outcomes = await Promise.allSettled(items.slice(start, start + size).map(work));
    for (const outcome of outcomes) if (outcome.status === "rejected") throw outcome.reason;
  }
}
