import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { describeGit, gitBytes, tempDir } from "@mcp-reference/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { buildRepository, repositoryPlan, submoduleTemplate } from "../../../test/support/generated-repository.js";
import { porcelainV2 } from "../../../test/support/porcelain.js";
import { openRepository } from "../open-repository.js";
import { readStatus } from "./status.js";

describeGit("the status of generated repositories", () => {
  const option = fc.record({ untracked: fc.constantFrom("no", "normal", "all"), ignored: fc.boolean() });
  test("is git's", { timeout: 300_000 }, async () => {
    const parent = await tempDir();
    const template = submoduleTemplate(parent);
    let next = 0;
    await fc.assert(
      fc.asyncProperty(repositoryPlan, option, async (plan, options) => {
        const dir = join(parent, `r${next++}`);
        mkdirSync(dir);
        buildRepository(dir, plan, template);
        const repo = openRepository(dir, { paths: [dir] });
        const args = ["--no-optional-locks", "status", "--porcelain=v2", "--branch", "-z", `-u${options.untracked}`];
        const expected = printed(dir, options.ignored ? [...args, "--ignored"] : args);
        fc.pre(expected !== undefined);
        for (const _ of ["read", "from memory"]) {
          expect(porcelainV2(await readStatus(repo, options)).split("\0")).toEqual(expected?.split("\0"));
        }
        repo.close();
      }),
      { numRuns: Number(process.env["RUNS"] ?? 20) },
    );
  });
});

/** Undefined where git gives up: it does where a link took the place of a submodule. */
function printed(dir: string, args: readonly string[]): string | undefined {
  try {
    return gitBytes(dir, args).toString("latin1");
  } catch (error) {
    if (String(error).includes("not to be a symbolic link")) return undefined;
    throw error;
  }
}
