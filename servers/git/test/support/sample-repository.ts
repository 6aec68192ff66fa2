import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { add } from "../../src/changes/add/add.js";
import { createBranch } from "../../src/changes/branches/create-branch.js";
import { checkout } from "../../src/changes/checkout/checkout.js";
import { commit } from "../../src/changes/commit/commit.js";
import { initRepository } from "../../src/changes/init/init-repository.js";
import { openRepository } from "../../src/repository/open-repository.js";

/** Where a sample repository is, and the commits in it. */
export interface SampleRepository {
  readonly path: string;
  readonly first: string;
  readonly second: string;
}

/**
 * A repository `sample` in `dir`, made without git: two commits on main, a branch `topic` at the first; unless it is to be
 * clean, a changed file, a staged one and an untracked one.
 * @param branch the one that is checked out
 */
export async function sampleRepository(
  dir: string,
  { clean = false, branch = "main" }: { clean?: boolean; branch?: string } = {},
): Promise<SampleRepository> {
  const path = join(dir, "sample");
  initRepository({ directory: path, defaultBranch: "main", bare: false });
  appendFileSync(join(path, ".git/config"), "[user]\n\tname = A U Thor\n\temail = author@example.com\n");
  const repo = openRepository(path, { paths: [dir] });
  const save = async (name: string, text: string, message: string) => {
    writeFileSync(join(path, name), text);
    await add(repo, { paths: [name] });
    return (await commit(repo, { message })).oid;
  };
  mkdirSync(join(path, "src"));
  const first = await save("src/main.ts", "one\ntwo\n", "Begin\n\nWith a reason.\n");
  createBranch(repo, "topic");
  const second = await save("notes.md", "# Notes\n", "Take notes");
  if (branch !== "main") await checkout(repo, { name: branch });
  if (!clean) {
    writeFileSync(join(path, "src/main.ts"), "one\nthree\n");
    writeFileSync(join(path, "staged.txt"), "staged\n");
    await add(repo, { paths: ["staged.txt"] });
    writeFileSync(join(path, "untracked.txt"), "untracked\n");
  }
  repo.close();
  return { path, first, second };
}
