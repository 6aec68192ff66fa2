import { expect, test } from "vitest";
import { SizedCache } from "./sized-cache.js";

const SIZE = 1000;
const entries = (count: number) => count * SIZE;
const cacheOf = (limit: number) => new SizedCache<number, string, Buffer>(limit, (bytes) => bytes.length);

test("what was used of late stays, the rest goes", () => {
  const cache = cacheOf(entries(40));
  for (let nth = 0; nth < 100; nth++) {
    cache.set(1, `${nth}`, Buffer.alloc(SIZE, nth));
    expect(cache.get(1, "0")?.[0]).toBe(0);
  }
  const kept = Array.from({ length: 100 }, (_, nth) => cache.get(1, `${nth}`)).filter((bytes) => bytes !== undefined);
  expect(kept.length).toBeLessThanOrEqual(40);
  expect(cache.get(1, "99")?.[0]).toBe(99);
  expect(cache.get(1, "1")).toBeUndefined();
});

test("owners do not see each other's values, and share the limit", () => {
  const cache = cacheOf(entries(8));
  cache.set(1, "a", Buffer.from("one"));
  cache.set(2, "a", Buffer.from("two"));
  expect(cache.get(1, "a")?.toString()).toBe("one");
  expect(cache.get(2, "a")?.toString()).toBe("two");
  for (let nth = 0; nth < 8; nth++) cache.set(3, `${nth}`, Buffer.alloc(SIZE));
  expect(cache.get(1, "a")).toBeUndefined();
});

test("a value that would push out half of the others is not kept", () => {
  const cache = cacheOf(entries(8));
  cache.set(1, "small", Buffer.alloc(SIZE));
  cache.set(1, "large", Buffer.alloc(entries(2) + 1));
  expect(cache.get(1, "large")).toBeUndefined();
  expect(cache.get(1, "small")).toHaveLength(SIZE);
});
