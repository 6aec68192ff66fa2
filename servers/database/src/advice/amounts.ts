let grouped: Intl.NumberFormat | undefined;

/** `1234567.8` → `1,234,568`. */
export const count = (amount: number) => {
  // Made with the first number: the data of a language take 10 ms to load, which no start should wait for.
  grouped ??= new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
  return grouped.format(amount);
};

/** `2, "index", "indexes"` → `2 indexes`; the plural ends in s unless given. */
export const counted = (amount: number, one: string, many = `${one}s`) =>
  `${count(amount)} ${amount === 1 ? one : many}`;

const UNITS = ["B", "kB", "MB", "GB", "TB"];

/** Bytes with three digits: `12.3 MB`. */
export function bytes(amount: number): string {
  const power = amount < 1 ? 0 : Math.min(Math.floor(Math.log2(amount) / 10), UNITS.length - 1);
  return `${digits(amount / 1024 ** power)} ${UNITS[power]}`;
}

/** Milliseconds as a person says them: `0.12 ms`, `3.4 s`, `2.1 min`. */
export function duration(ms: number): string {
  if (ms < 1000) return `${digits(ms)} ms`;
  if (ms < 120_000) return `${digits(ms / 1000)} s`;
  return ms < 7_200_000 ? `${digits(ms / 60_000)} min` : `${digits(ms / 3_600_000)} h`;
}

/** A share of one as a whole percentage. */
export const percent = (share: number) => `${Math.round(share * 100)} %`;

/** How many times one thing is another: `12×`. */
export const times = (factor: number) => `${digits(factor)}×`;

const digits = (amount: number) => {
  if (amount >= 100) return count(amount);
  return amount >= 10 ? trim(amount.toFixed(1)) : trim(amount.toFixed(2));
};
const trim = (written: string) => written.replace(/\.?0+$/, "");
