import { existsSync } from "node:fs";
import { mkdir, readdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { tempDir } from "@mcp-reference/testing";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { ExportStore } from "../src/results/export-store.js";

const request = { owner: "me", format: "csv", partBytes: 1024 } as const;

let temp: string;
beforeEach(async () => {
  temp = await tempDir();
  vi.stubEnv("TMPDIR", temp);
});
afterEach(() => vi.unstubAllEnvs());

it("says why nothing can be written, and writes once it can", async () => {
  vi.stubEnv("TMPDIR", join(temp, "later"));
  const store = new ExportStore(1024);
  const refused = store.create(request, async (file) => file.write(["a"]));
  await expect(refused).rejects.toMatchObject({ code: "UNAVAILABLE", hint: expect.stringContaining("TMPDIR") });
  await mkdir(join(temp, "later"));
  const made = await store.create(request, async (file) => file.write(["a"]));
  expect(await made.file.read()).toBe("a\n");
  await store.close();
});

it("closes although nothing could ever be written", async () => {
  vi.stubEnv("TMPDIR", join(temp, "never"));
  const store = new ExportStore(1024);
  await expect(store.create(request, async () => {})).rejects.toThrow();
  await store.close();
});

it("leaves nothing behind when it is closed, not even of an export under way", async () => {
  const store = new ExportStore(1024);
  const { file } = await store.create(request, async (file) => file.write(["a"]));
  const late = store.create(request, async (file) => {
    await file.write(["b"]);
    await store.close();
    await file.write(["c"]);
  });
  await expect(late).rejects.toMatchObject({ code: "UNAVAILABLE" });
  expect(existsSync(dirname(file.path))).toBe(false);
  await expect(store.create(request, async () => {})).rejects.toMatchObject({ code: "UNAVAILABLE" });
  expect(await readdir(temp)).toEqual([]);
});

it("keeps the latest twenty, and says so of the others", async () => {
  const store = new ExportStore(1024);
  const first = await store.create(request, async (file) => file.write(["a"]));
  for (let count = 1; count < 20; count++) await store.create(request, async () => {});
  expect(store.get(first.id, "me")).toBe(first);
  const empty = await store.create(request, async () => {});
  expect(await empty.file.read()).toBe("");
  expect(() => store.get(first.id, "me")).toThrow("the latest 20 are kept");
  expect(existsSync(first.file.path)).toBe(false);
  await store.close();
  await rm(temp, { recursive: true });
});
