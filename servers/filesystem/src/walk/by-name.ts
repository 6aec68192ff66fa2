/** Orders entries by the UTF-16 code units of their names: no locale, the same everywhere. */
export const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1);
