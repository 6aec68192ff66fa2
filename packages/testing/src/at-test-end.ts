import { onTestFailed, onTestFinished, TestRunner } from "vitest";

/** Runs `clean` when the running test ends; outside a test its caller cleans up. */
export function atTestEnd(clean: () => unknown): void {
  if (TestRunner.getCurrentTest()) onTestFinished(async () => void (await clean()));
}

/** Shows what `words` gives when the running test fails: a server's log is then the first thing to look at. */
export function onFailureShow(words: () => string): void {
  if (TestRunner.getCurrentTest()) onTestFailed(() => void process.stderr.write(words()));
}
