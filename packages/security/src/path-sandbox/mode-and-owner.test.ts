import { Stats } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import fc from "fast-check";
import { expect, it } from "vitest";
import { keepModeAndOwner } from "./mode-and-owner.js";

/** A file of user 1 and group 1 on a system that lets its owner give it to the groups named and to nobody else. */
function ordinaryUsersFile(groups: readonly number[]) {
  const file = Object.assign(Object.create(Stats.prototype) as Stats, { uid: 1, gid: 1, mode: 0o100600 });
  const handle = {
    stat: async () => file,
    chmod: async (mode: number) => void Object.assign(file, { mode: 0o100000 | mode }),
    chown: async (uid: number, gid: number) => {
      if (uid !== 1 || !groups.includes(gid)) throw Object.assign(new Error("EPERM"), { code: "EPERM" });
      file.gid = gid;
    },
  };
  return { file, handle: handle as unknown as FileHandle };
}

const bitsFor = (file: Stats, user: { uid: number; gid: number }) => {
  if (user.uid === file.uid) return (file.mode >> 6) & 7;
  return (user.gid === file.gid ? file.mode >> 3 : file.mode) & 7;
};

it("gives nobody but the writer rights the old file did not give", async () => {
  const people = [0, 2, 3].flatMap((uid) => [1, 2, 3, 4].map((gid) => ({ uid, gid })));
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: 0o7777 }),
      fc.constantFrom(1, 2),
      fc.constantFrom(1, 2, 3),
      async (mode, uid, gid) => {
        const old = Object.assign(Object.create(Stats.prototype) as Stats, { uid, gid, mode: 0o100000 | mode });
        const { file, handle } = ordinaryUsersFile([1, 2]);
        await keepModeAndOwner(handle, old, 0o022);
        for (const person of people.filter((someone) => someone.uid !== uid)) {
          expect(bitsFor(file, person) & ~bitsFor(old, person)).toBe(0);
        }
        const kept = file.uid === uid && file.gid === gid;
        expect(file.mode & 0o7777).toBe(kept ? mode : file.mode & 0o1777);
      },
    ),
  );
});
