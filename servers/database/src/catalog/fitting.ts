/** The first of `items` that fit into `maxBytes` together; never none, so that a page always goes on. */
export function fitting<T>(items: readonly T[], maxBytes: number, sizeOf: (item: T) => number): T[] {
  let bytes = 0;
  const end = items.findIndex((item, index) => {
    bytes += sizeOf(item);
    return bytes > maxBytes && index > 0;
  });
  return items.slice(0, end < 0 ? items.length : end);
}
