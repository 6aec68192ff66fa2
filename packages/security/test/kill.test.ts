import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, lstat, readdir, stat, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { contentOf, createPlayground, outcome, variants, writeText } from "./playground.js";

const SIZE = 300_000;
const KILLS = 40;

it.each(variants)(
  "a killed writer leaves old or new content and nothing others can read, portable: $portable",
  async ({ portable }) => {
    const { root, open } = await createPlayground();
    const script = fileURLToPath(new URL("kill-loop.mjs", import.meta.url));
    await writeFile(`${root}/f`, "z".repeat(SIZE));
    await chmod(`${root}/f`, 0o644);
    let leftovers = 0;
    for (let kill = 0; kill < KILLS; kill++) {
      const writer = spawn(process.execPath, [script, root, `${SIZE}`, `${portable}`], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      await once(writer.stdout, "data");
      // Killed in the middle of a replacement, a little later each time.
      while ((await readdir(root)).length < 2 + leftovers);
      for (let look = 0; look < kill % 7; look++) await readdir(root);
      writer.kill("SIGKILL");
      await once(writer, "exit");
      const content = await contentOf(`${root}/f`);
      expect(content).toHaveLength(SIZE);
      expect(new Set(content).size).toBe(1);
      expect((await stat(`${root}/f`)).mode & 0o777).toBe(0o644);
      const left = (await readdir(root)).filter((name) => name !== "f");
      leftovers = left.length;
      for (const name of left) {
        expect(name).toMatch(/^\.f\.[0-9a-f]{12}\.mcp-tmp$/);
        const stats = await lstat(`${root}/${name}`);
        expect(stats.isDirectory()).toBe(true);
        expect(stats.mode & 0o077).toBe(0);
      }
    }
    // Otherwise no kill came in between and nothing was tested.
    expect(leftovers).toBeGreaterThan(KILLS / 10);
    const sandbox = await open({ portable });
    expect(await outcome(writeText(sandbox, "f", "after"))).toBe("ok");
    expect(await contentOf(`${root}/f`)).toBe("after");
  },
);
