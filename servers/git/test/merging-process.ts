import path from "node:path";
import { abortMerge } from "../src/merging/merge/end-merge.js";
import { merge } from "../src/merging/merge/merge.js";
import { openRepository } from "../src/repository/open-repository.js";

/** Merges `revision` in a repository and, where that conflicts, aborts, over and over; prints a line before each round. */
const [directory = "", revision = "", rounds = "0"] = process.argv.slice(2);

for (let round = 0; round < Number(rounds); round++) {
  process.stdout.write(`${round}\n`);
  const repo = openRepository(directory, { paths: [path.dirname(directory)] });
  await merge(repo, { revision });
  await abortMerge(repo);
  repo.close();
}
