/** The identifier in quotes: the same object whatever its letters, and never anything but a name. */
export const quoteIdentifier = (name: string) => `"${name.replaceAll('"', '""')}"`;
