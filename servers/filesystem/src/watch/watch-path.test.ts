import { appendFile, chmod, mkdir, rename, rm, symlink, unlink, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { openSandbox, type PathSandbox } from "@mcp-reference/security";
import { tempDir } from "@mcp-reference/testing";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { inotifyWatches } from "../../test/inotify-watches.js";
import { watchPath } from "./watch-path.js";

const LIVENESS = { timeout: 15_000, interval: 20 };

let dir: string;
let sandbox: PathSandbox;
const stops: (() => void)[] = [];

beforeEach(async () => {
  dir = await tempDir();
  sandbox = await openSandbox({ roots: [{ path: dir }] });
});

afterEach(async () => {
  for (const stop of stops.splice(0)) stop();
  await sandbox.close();
});

async function watchFor(path: string) {
  const changed = vi.fn();
  const stop = await watchPath(sandbox, path, changed);
  stops.push(stop);
  return {
    changed,
    stop,
    times: (count: number) => vi.waitFor(() => expect(changed).toHaveBeenCalledTimes(count), LIVENESS),
  };
}

/** Long enough for whatever was going on to be told: another watch is told of two changes made after it. */
async function settled() {
  const path = join(dir, "settled.txt");
  await writeFile(path, "");
  const sentinel = await watchFor(path);
  for (const count of [1, 2]) {
    await appendFile(path, "x");
    await sentinel.times(count);
  }
  sentinel.stop();
}

describe("a watched file", () => {
  let file: string;
  beforeEach(async () => {
    file = join(dir, "a.txt");
    await writeFile(file, "one");
    await utimes(file, 1, 1);
  });

  it("tells of writing in place, of atomic replacement, of deletion and of coming back", async () => {
    const watch = await watchFor(file);
    await appendFile(file, " two");
    await watch.times(1);
    await writeFile(join(dir, ".tmp"), "three");
    await rename(join(dir, ".tmp"), file);
    await watch.times(2);
    await unlink(file);
    await watch.times(3);
    await writeFile(file, "four");
    await watch.times(4);
    await settled();
    expect(watch.changed).toHaveBeenCalledTimes(4);
  });

  it("tells of a burst once, and of its end", async () => {
    const watch = await watchFor(file);
    for (let index = 0; index < 20; index++) await appendFile(file, "x");
    await settled();
    const calls = watch.changed.mock.calls.length;
    expect(calls).toBeGreaterThan(0);
    expect(calls).toBeLessThan(5);
  });

  it("tells nothing where nothing changed: neighbours, modes, the same state again", async () => {
    const watch = await watchFor(file);
    await writeFile(join(dir, "b.txt"), "neighbour");
    await chmod(file, 0o600);
    await utimes(file, 1, 1);
    await rename(file, join(dir, "elsewhere.txt"));
    await rename(join(dir, "elsewhere.txt"), file);
    await settled();
    expect(watch.changed).not.toHaveBeenCalled();
  });

  it("goes on after its directory was moved away and another took the place", async () => {
    await mkdir(join(dir, "current"));
    const inside = join(dir, "current", "c.txt");
    await writeFile(inside, "1");
    const watch = await watchFor(inside);
    await rename(join(dir, "current"), join(dir, "old"));
    await watch.times(1);
    await mkdir(join(dir, "current"));
    await writeFile(inside, "2");
    await watch.times(2);
    await appendFile(inside, "3");
    await watch.times(3);
  });

  it("notices that a link on the way leads elsewhere, and does not follow it outside", async () => {
    const outside = await tempDir();
    await writeFile(join(outside, "c.txt"), "outside");
    await mkdir(join(dir, "release"));
    await writeFile(join(dir, "release", "c.txt"), "inside");
    await symlink("release", join(dir, "latest"));
    const watch = await watchFor(join(dir, "latest", "c.txt"));
    await symlink(outside, join(dir, "next"));
    await rename(join(dir, "next"), join(dir, "latest"));
    await watch.times(1); // as if it were gone
    await appendFile(join(outside, "c.txt"), "more");
    await settled();
    expect(watch.changed).toHaveBeenCalledTimes(1);
  });

  it("is told no more once stopped, and then nothing is watched at all", async () => {
    const before = inotifyWatches();
    const watches = [await watchFor(file), await watchFor(file), await watchFor(dir)];
    if (process.platform === "linux") expect(inotifyWatches()).toBeGreaterThan(before);
    for (const { stop } of watches) stop();
    expect(inotifyWatches()).toBe(before);
    await appendFile(file, " two");
    await writeFile(join(dir, "new.txt"), "");
    await settled();
    for (const { changed } of watches) expect(changed).not.toHaveBeenCalled();
  });

  it("is told no more when stopped while it is being looked at", async () => {
    const watch = await watchFor(file);
    await appendFile(file, " two");
    watch.stop();
    await settled();
    expect(watch.changed).not.toHaveBeenCalled();
  });
});

describe("a watched directory", () => {
  it("tells of entries that come and go, and not of what is written to them", async () => {
    await writeFile(join(dir, "a.txt"), "");
    await utimes(dir, 1, 1);
    const watch = await watchFor(dir);
    await writeFile(join(dir, "b.txt"), "");
    await watch.times(1);
    await rm(join(dir, "b.txt"));
    await watch.times(2);
    await appendFile(join(dir, "a.txt"), "more");
    const other = await watchFor(join(dir, "a.txt"));
    await appendFile(join(dir, "a.txt"), "more");
    await other.times(1);
    expect(watch.changed).toHaveBeenCalledTimes(2);
  });

  it("tells when it is removed and made again", async () => {
    await mkdir(join(dir, "sub"));
    await utimes(join(dir, "sub"), 1, 1);
    const watch = await watchFor(join(dir, "sub"));
    await rm(join(dir, "sub"), { recursive: true });
    await watch.times(1);
    await mkdir(join(dir, "sub"));
    await watch.times(2);
    await writeFile(join(dir, "sub", "a.txt"), "");
    await watch.times(3);
  });
});

it("refuses to watch what may not be read", async () => {
  const outside = await tempDir();
  await writeFile(join(outside, "a.txt"), "");
  await writeFile(join(dir, ".env"), "KEY=1");
  const refusal = (path: string) => expect(watchPath(sandbox, path, () => {})).rejects;
  await refusal(join(outside, "a.txt")).toMatchObject({ code: "OUTSIDE_ROOT" });
  await refusal(join(dir, ".env")).toMatchObject({ code: "PERMISSION_DENIED" });
  await refusal(join(dir, "missing.txt")).toMatchObject({ code: "NOT_FOUND" });
});
