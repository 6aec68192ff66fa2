import { spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { expect, it } from "vitest";

const tsx = createRequire(import.meta.url).resolve("tsx");
const stderr = new URL("./stderr.ts", import.meta.url).href;

function start(body: string) {
  const script = `import { writeToStderr } from ${JSON.stringify(stderr)}; ${body}`;
  return spawn(process.execPath, ["--import", tsx, "--input-type=module", "-e", script]);
}

it("goes on when nobody reads, drops whole lines, and writes again once somebody does", async () => {
  const child = start(`
    for (let i = 0; i < 5000; i++) writeToStderr(JSON.stringify({ i, padding: "x".repeat(997) }) + "\\n");
    process.stdout.write("alive");
    process.stdin.on("data", () => writeToStderr('{"i":"last"}\\n')).once("end", () => process.exit(0));`);
  const [alive] = await once(child.stdout, "data");
  expect(String(alive)).toBe("alive");

  const logged: Buffer[] = [];
  child.stderr.on("data", (chunk: Buffer) => {
    logged.push(chunk);
    child.stdin.write("go"); // the pipe may still be full: the line is asked for until it comes
  });
  while (!Buffer.concat(logged).includes("last")) await once(child.stderr, "data");
  child.stdin.end();
  await once(child, "close");
  const lines = Buffer.concat(logged).toString().split("\n").slice(0, -1);
  const entries = lines.map((line) => JSON.parse(line).i);
  expect(entries.length).toBeLessThan(5000);
  expect(entries.at(-1)).toBe("last");
  expect(entries.slice(0, 10)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
});

it("goes on when stderr is closed", async () => {
  const child = start(
    `process.stdin.once("data", () => { for (let i = 0; i < 10; i++) writeToStderr("line\\n"); process.exit(7); });`,
  );
  child.stderr.destroy();
  child.stdin.write("go");
  expect(await once(child, "exit")).toEqual([7, null]);
});
