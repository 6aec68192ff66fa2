import { afterEach, expect, it, vi } from "vitest";
import { ProgressMeter } from "./progress.js";
import type { TaskProgress } from "./tasks.js";

afterEach(() => void vi.useRealTimers());

it("tells how far it is, ten times a second at most", () => {
  vi.useFakeTimers({ toFake: ["performance"] });
  const told: TaskProgress[] = [];
  const meter = new ProgressMeter((progress) => told.push(progress));
  for (let millisecond = 0; millisecond < 1000; millisecond++) {
    for (let entry = 0; entry < 500; entry++) meter.visit();
    meter.found++;
    vi.advanceTimersByTime(1);
  }
  expect(told.length).toBeGreaterThanOrEqual(8);
  expect(told.length).toBeLessThanOrEqual(10);
  expect(told.at(-1)?.visited).toBeGreaterThan(400_000);
  expect(told.at(-1)?.found).toBeGreaterThan(800);
});
