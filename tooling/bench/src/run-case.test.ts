import { expect, test } from "vitest";
import { runCase } from "./run-case.js";
import { summarize } from "./statistics.js";

test("quartiles lie between the ranks they fall between", () => {
  expect(summarize([4, 1, 3, 2])).toEqual({ median: 2.5, lower: 1.75, upper: 3.25 });
  expect(summarize([7])).toEqual({ median: 7, lower: 7, upper: 7 });
  expect(() => summarize([])).toThrow(RangeError);
});

test("subjects take turns, and the first turn does not count", async () => {
  const turns: string[] = [];
  const measure = (name: string, values: number[]) => async () => {
    turns.push(name);
    return values.shift() ?? 0;
  };
  const { summaries, verdicts } = await runCase({
    name: "any",
    unit: "ms",
    rounds: 2,
    subjects: { ours: measure("ours", [99, 1, 3]), peer: measure("peer", [99, 20, 20]) },
    targets: [{ against: "peer", ratio: 0.1 }, { against: "peer", ratio: 0.05 }, { limit: 2 }],
  });
  expect(turns).toEqual(["ours", "peer", "ours", "peer", "ours", "peer"]);
  expect(summaries.ours?.median).toBe(2);
  expect(verdicts.map(({ measured, met }) => [measured, met])).toEqual([
    [0.1, true],
    [0.1, false],
    [2, true],
  ]);
});

test("the peer is the faster one of two, and either can be named", async () => {
  const { verdicts } = await runCase({
    name: "any",
    unit: "ms",
    rounds: 1,
    subjects: { ours: async () => 6, slow: async () => 12, fast: async () => 4, native: async () => 1 },
    targets: [
      { against: "peer", ratio: 1 },
      { against: "slow", ratio: 0.5 },
      { against: "native", plus: 5 },
      { against: "fast", plus: 1 },
    ],
  });
  expect(verdicts.map(({ measured, met }) => [measured, met])).toEqual([
    [1.5, false],
    [0.5, true],
    [5, true],
    [2, false],
  ]);
});

test("a target against somebody who is not measured is a mistake, not a success", async () => {
  const targets = [{ against: "native", ratio: 3 } as const];
  await expect(
    runCase({ name: "any", unit: "ms", rounds: 1, subjects: { ours: async () => 1 }, targets }),
  ).rejects.toThrow("not measured");
});
