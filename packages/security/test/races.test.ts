import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readdir, symlink, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import type { PathSandbox } from "../src/path-sandbox/types.js";
import { contentOf, createPlayground, outcome, readText } from "./playground.js";

/** At least; a race goes on until it has been won and lost often enough to mean something. */
const READS_EACH = 4_000;
const WRITES_EACH = 2_000;
const OF_BOTH = 200;
const AT_ONCE = 8;

/** How a call may end that met a link to the outside, or the moment in between. */
const LOST = ["OUTSIDE_ROOT", "NOT_FOUND", "CONFLICT"];

/** What is swapped, and the file that is asked for through it. */
const attacks = [
  { kind: "leaf", file: "leaf" },
  { kind: "link", file: "link/leaf" },
  { kind: "parent", file: "parent/leaf" },
] as const;

// Elsewhere no such promise is made.
describe.runIf(process.platform === "linux").each(attacks)(
  "while another process swaps the $kind",
  ({ kind, file }) => {
    it("nothing outside is read or listed", async () => {
      const { sandbox, outside } = await underAttack(kind);
      const directory = file.includes("/") ? file.slice(0, file.lastIndexOf("/")) : ".";
      const outcomes = await race(READS_EACH, async (turn) => {
        if (turn % 4 === 0 && kind !== "leaf") {
          const opened = await sandbox.openDirectory(directory);
          const names = await readdir(opened.at());
          await opened.close();
          if (names.includes("outside-only")) throw new Error("listed the outside");
        } else if ((await readText(sandbox, file)) !== "inside") {
          throw new Error("read the outside");
        }
      });
      expect([...outcomes.keys()].filter((code) => !LOST.includes(code))).toEqual(["ok"]);
      expect(await contentOf(`${outside}/leaf`)).toBe("outside");
    });

    it("nothing outside is written or made", async () => {
      const { sandbox, outside } = await underAttack(kind);
      const outcomes = await race(WRITES_EACH, async (turn) => {
        const target = turn % 4 === 0 && kind !== "leaf" ? file.replace("leaf", `new-${turn % 16}`) : file;
        await sandbox.replace(target, { mode: "overwrite" }, (handle) => handle.writeFile("inside"));
      });
      expect([...outcomes.keys()].filter((code) => !LOST.includes(code))).toEqual(["ok"]);
      expect(await contentOf(`${outside}/leaf`)).toBe("outside");
      expect((await readdir(outside)).sort()).toEqual(["leaf", "outside-only"]);
    });
  },
);

async function underAttack(kind: string): Promise<{ sandbox: PathSandbox; outside: string }> {
  const { root, outside, open } = await createPlayground();
  for (const directory of ["parent", "real"]) {
    await mkdir(`${root}/${directory}`);
    await writeFile(`${root}/${directory}/leaf`, "inside");
  }
  await symlink("real", `${root}/link`);
  await writeFile(`${root}/keep`, "inside");
  await writeFile(`${root}/leaf`, "inside");
  await writeFile(`${outside}/leaf`, "outside");
  await writeFile(`${outside}/outside-only`, "");
  const sandbox = await open();
  const script = fileURLToPath(new URL("swapper.mjs", import.meta.url));
  const swapper = spawn(process.execPath, [script, kind, root, outside], { stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(async () => {
    // The race means nothing if the attacker gave up on the way.
    expect(swapper.exitCode).toBeNull();
    swapper.kill("SIGKILL");
    await once(swapper, "exit");
  });
  await once(swapper.stdout, "data");
  return { sandbox, outside };
}

async function race(turns: number, act: (turn: number) => Promise<void>): Promise<Map<string, number>> {
  const outcomes = new Map<string, number>();
  let turn = 0;
  const settled = () => {
    const won = outcomes.get("ok") ?? 0;
    const met = outcomes.get("OUTSIDE_ROOT") ?? 0;
    return turn >= turns && won >= OF_BOTH && met >= OF_BOTH;
  };
  const racer = async () => {
    while (!settled()) {
      const code = await outcome(act(turn++));
      outcomes.set(code, (outcomes.get(code) ?? 0) + 1);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, racer));
  return outcomes;
}
