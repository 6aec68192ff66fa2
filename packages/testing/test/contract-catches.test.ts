import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { tempDir } from "../src/index.js";

/** What the runtime itself guarantees: a definition cannot break it. */
const GUARANTEED = [
  "a tool that is not there is NOT_FOUND",
  "an error that nobody foresaw is INTERNAL with an id, and its secret stays in",
  "a string that nobody foresaw is INTERNAL with an id, and its secret stays in",
  "undefined that nobody foresaw is INTERNAL with an id, and its secret stays in",
  "a cancelled call ends its handler",
  "a client is told what the server is and what it is for",
];

interface Report {
  testResults: { assertionResults: { title: string; status: string }[] }[];
}

test("the contract suite notices every promise that a server breaks", async () => {
  const outputFile = join(await tempDir(), "report.json");
  const root = fileURLToPath(new URL("./broken-server/", import.meta.url));
  const options = { config: false, root, include: ["*.spec.ts"], reporters: ["json"], outputFile, cache: false };
  const script = `import { startVitest } from "vitest/node"; await startVitest("test", [], ${JSON.stringify(options)});`;
  const run = spawn(process.execPath, ["--input-type=module", "--eval", script], {
    cwd: fileURLToPath(new URL("../", import.meta.url)),
    stdio: "ignore",
    env: { PATH: process.env["PATH"], HOME: process.env["HOME"] },
  });
  await once(run, "exit");
  const report: Report = JSON.parse(await readFile(outputFile, "utf8"));
  const results = report.testResults.flatMap(({ assertionResults }) => assertionResults);
  const passed = results.filter(({ status }) => status === "passed").map(({ title }) => title);
  expect(results.length).toBeGreaterThan(30);
  expect([...new Set(passed)].sort()).toEqual([...GUARANTEED].sort());
}, 60_000);
