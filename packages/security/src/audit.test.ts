import { execFileSync } from "node:child_process";
import { closeSync, constants, openSync } from "node:fs";
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { type AuditEntry, createAuditLog, openAuditFile } from "./audit.js";

const entry: AuditEntry = { principal: "me", tool: "read_file", argumentDigest: "abc", outcome: "ok", durationMs: 1.5 };

it("is one line of JSON an entry, time first, whatever the names", () => {
  const lines: string[] = [];
  const log = createAuditLog((line) => lines.push(line));
  log.record({ ...entry, principal: 'a\nb"\u2028' });
  expect(lines).toHaveLength(1);
  expect(lines[0]?.match(/\n/g)).toHaveLength(1);
  const parsed = JSON.parse(lines[0] ?? "");
  expect(Object.keys(parsed)).toEqual(["time", "principal", "tool", "argumentDigest", "outcome", "durationMs"]);
  expect(new Date(parsed.time).toISOString()).toBe(parsed.time);
});

it("keeps nothing but the six facts", () => {
  const lines: string[] = [];
  const careless = { ...entry, arguments: { content: "hunter2" } };
  createAuditLog((line) => lines.push(line)).record(careless);
  expect(lines.join()).not.toContain("hunter2");
});

it("appends to a file that only its owner can read", async () => {
  const folder = await mkdtemp(path.join(os.tmpdir(), "audit-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = path.join(folder, "audit.jsonl");
  await writeFile(file, "before\n");
  await chmod(file, 0o644);
  for (const outcome of ["ok", "NOT_FOUND"]) {
    const log = openAuditFile(file);
    log.record({ ...entry, outcome });
    log.close();
  }
  const lines = (await readFile(file, "utf8")).trimEnd().split("\n");
  expect(lines).toHaveLength(3);
  expect(lines[0]).toBe("before");
  expect(lines.slice(1).map((line) => JSON.parse(line).outcome)).toEqual(["ok", "NOT_FOUND"]);
  if (process.platform !== "win32") expect((await stat(file)).mode & 0o777).toBe(0o600);
});

it.skipIf(process.platform === "win32")("leaves the mode of what is no regular file alone", async () => {
  const folder = await mkdtemp(path.join(os.tmpdir(), "audit-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const pipe = path.join(folder, "pipe");
  execFileSync("mkfifo", ["-m", "666", pipe]);
  const reader = openSync(pipe, constants.O_RDONLY | constants.O_NONBLOCK);
  onTestFinished(() => closeSync(reader));
  openAuditFile(pipe).close();
  expect((await stat(pipe)).mode & 0o777).toBe(0o666);
});
