import { readdir } from "node:fs/promises";
import { openSandbox } from "@mcp-reference/security";
import { tempDir } from "@mcp-reference/testing";
import { expect, it } from "vitest";
import { lockForCommit } from "./commit-lock.js";

it("lets one holder in at a time and leaves nothing behind", async () => {
  const dir = await tempDir();
  const sandbox = await openSandbox({ roots: [{ path: dir }] });
  let inside = 0;
  let most = 0;
  await Promise.all(
    ["a.txt", "A.txt", "a.txt", "a.txt", "A.txt"].map(async (name) => {
      const place = await sandbox.place(name);
      const release = await lockForCommit(place);
      most = Math.max(most, ++inside);
      await readdir(dir);
      inside--;
      await release();
      await place.close();
    }),
  );
  expect(most).toBe(1);
  expect(await readdir(dir)).toEqual([]);
  await sandbox.close();
});

it("breaks the lock of a holder that was killed", async () => {
  const dir = await tempDir();
  const sandbox = await openSandbox({ roots: [{ path: dir }] });
  const place = await sandbox.place("a.txt");
  await lockForCommit(place);
  const release = await lockForCommit(place);
  await release();
  expect(await readdir(dir)).toEqual([]);
  await place.close();
  await sandbox.close();
});
