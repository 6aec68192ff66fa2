import { chmodSync } from "node:fs";
import { readdir } from "node:fs/promises";
import path from "node:path";
import { openSandbox } from "@mcp-reference/security";
import { deferred, tempDir } from "@mcp-reference/testing";
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

it("leaves a lock alone that others keep handing on, although each has the same inode again", async () => {
  const dir = await tempDir();
  const sandbox = await openSandbox({ roots: [{ path: dir }] });
  const place = await sandbox.place("a.txt");
  const release = await lockForCommit(place);
  const lock = path.join(dir, (await readdir(dir))[0] ?? "");
  let entered = false;
  const waiting = lockForCommit(place).then((done) => {
    entered = true;
    return done();
  });
  const handedOn = deferred<void>();
  let times = 0;
  const others = setInterval(() => {
    if (entered || ++times > 60) return handedOn.resolve();
    // As if it were taken away and made anew at once: the same inode, another time.
    chmodSync(lock, 0o700);
  }, 100);
  await handedOn.promise;
  clearInterval(others);
  expect(entered).toBe(false);
  await release();
  await waiting;
  expect(await readdir(dir)).toEqual([]);
  await place.close();
  await sandbox.close();
}, 20_000);

it("is waited for no longer than the call runs", async () => {
  const dir = await tempDir();
  const sandbox = await openSandbox({ roots: [{ path: dir }] });
  const place = await sandbox.place("a.txt");
  const release = await lockForCommit(place);
  const call = new AbortController();
  const waiting = lockForCommit(place, call.signal);
  call.abort(new Error("cancelled"));
  await expect(waiting).rejects.toThrow("cancelled");
  await release();
  await place.close();
  await sandbox.close();
});
