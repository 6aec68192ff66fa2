import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { tempDir } from "@mcp-reference/testing";
import { beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { lockDirectory } from "../../src/embedded/directory-lock.js";
import { ownIdentity } from "../../src/embedded/process-identity.js";

let directory: string;
beforeEach(async () => {
  directory = await tempDir();
});

const script = (body: string) => [
  ...["--import", "tsx", "--input-type=module", "-e"],
  `import { lockDirectory } from "./src/embedded/directory-lock.ts";
   const directory = ${JSON.stringify(directory)};
   ${body}`,
];

const HOLD = "lockDirectory(directory); console.log(process.pid); setInterval(() => {}, 1000);";

/** Plants the lock of somebody else. @param seen milliseconds ago */
function plant(identity: object | string, seen = 0): void {
  mkdirSync(join(directory, "lock"), { recursive: true });
  const path = join(directory, "lock", "7");
  writeFileSync(path, typeof identity === "string" ? identity : JSON.stringify({ ...ownIdentity(), ...identity }));
  const then = new Date(Date.now() - seen);
  utimesSync(path, then, then);
}

const held = /^the embedded database in .* is in use by another process \(pid \d+\)$/;

describe("the lock of a directory", () => {
  it("is had once, until it is released", () => {
    const lock = lockDirectory(directory);
    expect(() => lockDirectory(directory)).toThrow(held);
    lock.release();
    lock.release();
    lockDirectory(directory).release();
  });

  it("does no harm when its folder can no longer be written", () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const lock = lockDirectory(directory);
    rmSync(join(directory, "lock"), { recursive: true });
    writeFileSync(join(directory, "lock"), "a file in its place");
    vi.advanceTimersByTime(60_000);
    lock.release();
  });

  it("leaves few files, however often it is taken", () => {
    for (let round = 0; round < 50; round++) lockDirectory(directory).release();
    expect(readdirSync(join(directory, "lock")).length).toBeLessThan(8);
  });

  it("is taken over from a process that was killed", async () => {
    const holder = spawn(process.execPath, script(HOLD), { stdio: ["ignore", "pipe", "inherit"] });
    await once(holder.stdout, "data");
    expect(() => lockDirectory(directory)).toThrow(new RegExp(`pid ${holder.pid}\\)`));
    holder.kill("SIGKILL");
    await once(holder, "exit");
    lockDirectory(directory).release();
  });

  it.runIf(process.platform === "linux")("is taken over from one whose parent does not look after it", async () => {
    const shell = ["-c", '"$@" & exec sleep 60', "sh", process.execPath, ...script(HOLD)];
    const parent = spawn("sh", shell, { stdio: ["ignore", "pipe", "inherit"] });
    onTestFinished(() => void parent.kill("SIGKILL"));
    const [pid] = await once(parent.stdout, "data");
    process.kill(Number(pid), "SIGKILL");
    await vi.waitFor(() => lockDirectory(directory).release(), 10_000);
    expect(readFileSync(`/proc/${Number(pid)}/stat`, "utf8")).toContain(") Z ");
  });

  it.each([
    ["a process that has its number now but started later", { started: "1" }, 0],
    ["one elsewhere that gives no sign of life", { place: "elsewhere" }, 120_000],
    ["nobody who can be made out", "{", 0],
    ["nobody", "", 0],
  ])("is not that of %s", (_, identity, seen) => {
    plant(identity, seen);
    lockDirectory(directory).release();
    expect(readdirSync(join(directory, "lock"))).toContain("8");
  });

  it.each([
    ["one that runs", {}, 120_000],
    ["one elsewhere that was seen lately", { place: "elsewhere" }, 20_000],
    ["one that cannot tell when it started", { started: "" }, 120_000],
  ])("stays that of %s", (_, identity, seen) => {
    plant(identity, seen);
    expect(() => lockDirectory(directory)).toThrow(held);
    expect(readdirSync(join(directory, "lock"))).toEqual(["7"]);
  });

  it("is never had by two, when many take it, release it and are killed with it", async () => {
    // Whoever has the lock makes a file that must not be there; some then die with the lock.
    const body = `
      import { appendFileSync, rmSync, writeFileSync } from "node:fs";
      const until = Date.now() + 4000;
      while (Date.now() < until) {
        let lock;
        try { lock = lockDirectory(directory); } catch (error) { if (error.code === "UNAVAILABLE") continue; throw error; }
        try { writeFileSync(directory + "/inside", "", { flag: "wx" }); } catch { appendFileSync(directory + "/log", "two\\n"); }
        appendFileSync(directory + "/log", "one\\n");
        for (const wait = Date.now() + Math.random() * 4; Date.now() < wait; );
        rmSync(directory + "/inside", { force: true });
        if (Math.random() < 0.05) { appendFileSync(directory + "/log", "killed\\n"); process.kill(process.pid, "SIGKILL"); }
        lock.release();
      }`;
    const end = Date.now() + 5_000;
    const worker = async () => {
      while (Date.now() < end) {
        await promisify(execFile)(process.execPath, script(body)).catch((error: { signal?: string }) => {
          if (error.signal !== "SIGKILL") throw error;
        });
      }
    };
    await Promise.all(Array.from({ length: 4 }, worker));
    const log = readFileSync(join(directory, "log"), "utf8").split("\n");
    expect(log.filter((line) => line === "two")).toEqual([]);
    expect(log.filter((line) => line === "killed").length).toBeGreaterThan(1);
    expect(log.filter((line) => line === "one").length).toBeGreaterThan(20);
  }, 60_000);
});
