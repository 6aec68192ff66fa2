import { copyFile, mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { afterAll } from "vitest";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Builds the bin for one test file, which removes it at its end. Its dependencies are found where this package finds them. */
export async function buildBin(): Promise<string> {
  const cache = here("../../.cache/");
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(join(cache, "notes-server-"));
  afterAll(() => rm(folder, { recursive: true, force: true }));
  const outfile = join(folder, "dist", "cli.js");
  await build({
    entryPoints: [here("src/cli.ts")],
    outfile,
    bundle: true,
    packages: "external",
    platform: "node",
    format: "esm",
    logLevel: "warning",
  });
  await copyFile(here("package.json"), join(folder, "package.json"));
  return outfile;
}
