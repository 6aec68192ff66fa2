/**
 * The attacker of the race tests: a process that keeps swapping what a path below `root` is, between the real thing and a
 * link to `outside`, until it is killed. It writes "ready" when it has begun.
 *
 * leaf: `root/leaf`, in one step · link: `root/link`, a link to a directory, in one step · parent: `root/parent`, a
 * directory, with a moment of nothing in between.
 */
import { linkSync, renameSync, rmSync, statSync, symlinkSync } from "node:fs";

const [kind, root, outside] = process.argv.slice(2);
const aside = `${root}/../aside-${kind}`;

/** A while that differs each time, so that every moment of a call is hit once. */
const stay = () => {
  for (let looks = Math.random() * 40; looks > 0; looks--) statSync(outside);
};

const swaps = {
  leaf() {
    linkSync(`${root}/keep`, aside);
    renameSync(aside, `${root}/leaf`);
    // Renaming onto another name of the same file does nothing.
    rmSync(aside, { force: true });
    symlinkSync(`${outside}/leaf`, aside);
    stay();
    renameSync(aside, `${root}/leaf`);
    stay();
  },
  link() {
    symlinkSync("real", aside);
    renameSync(aside, `${root}/link`);
    symlinkSync(outside, aside);
    stay();
    renameSync(aside, `${root}/link`);
    stay();
  },
  parent() {
    renameSync(`${root}/parent`, aside);
    symlinkSync(outside, `${root}/parent`);
    stay();
    rmSync(`${root}/parent`);
    renameSync(aside, `${root}/parent`);
    stay();
  },
};

const swap = swaps[kind];
swap();
process.stdout.write("ready\n");
for (;;) swap();
