import { writeFileSync } from "node:fs";
import path from "node:path";
import { ToolError } from "@mcp-reference/validation";
import { add } from "../../src/changes/add/add.js";
import { checkout } from "../../src/changes/checkout/checkout.js";
import { commit } from "../../src/changes/commit/commit.js";
import { openRepository } from "../../src/repository/open-repository.js";

/**
 * A process that writes to a repository: `writer-process <directory> <name> commit <rounds>` adds and commits a file of its own each
 * round, `… checkout <rounds>` goes back and forth between two branches. It prints a line before each round.
 */
const [directory = "", name = "", kind = "", rounds = "0"] = process.argv.slice(2);

/** Somebody else being faster is no failure: it is told, and tried again. */
async function persist(work: () => Promise<unknown>): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await work();
      return;
    } catch (error) {
      if (!(error instanceof ToolError) || error.code !== "CONFLICT" || attempt === 20) throw error;
    }
  }
}

for (let round = 0; round < Number(rounds); round++) {
  process.stdout.write(`${round}\n`);
  const repo = openRepository(directory, { paths: [path.dirname(directory)] });
  if (kind === "checkout") await checkout(repo, { name: round % 2 ? "main" : "other", force: true });
  else {
    writeFileSync(path.join(directory, `${name}-${round}`), `${name} ${round}\n`);
    await persist(() => add(repo, { paths: [`${name}-${round}`] }));
    await persist(() => commit(repo, { message: `${name} ${round}`, allowEmpty: true }));
  }
  repo.close();
}
