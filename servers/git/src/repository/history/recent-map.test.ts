import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { RecentMap } from "./recent-map.js";

describe("RecentMap", () => {
  it("keeps the latest half, and never gives a wrong value", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(20), { maxLength: 200 }), fc.integer({ min: 2, max: 10 }), (keys, max) => {
        const map = new RecentMap<number, string>(max);
        const used: number[] = [];
        for (const key of keys) {
          expect([undefined, `${key}`]).toContain(map.get(key));
          map.set(key, `${key}`);
          used.push(key);
          const latest = used.slice(-Math.floor(max / 2));
          for (const recent of new Set(latest)) expect(map.get(recent)).toBe(`${recent}`);
        }
      }),
    );
  });
});
