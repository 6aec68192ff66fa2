import { expect } from "vitest";

/** Resolves when `reached` holds: what it looks at changes with the turns of the event loop, not with a clock. */
export async function until(reached: () => boolean | Promise<boolean>): Promise<void> {
  for (let turn = 0; turn < 10_000 && !(await reached()); turn++) await new Promise(setImmediate);
  expect(await reached()).toBe(true);
}

/** Resolves after as many turns as anything in memory needs to come about. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 50; turn++) await new Promise(setImmediate);
}
