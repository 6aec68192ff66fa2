import { strict as assert } from "node:assert";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Smoke } from "./pack-smoke.js";

/** Makes a repository, commits to it and reads it back. */
export const git: Smoke = {
  name: "git",
  packages: [],
  prepare: (folder) => ["--repository", folder, "--author", "Smoke Test <smoke@example.com>"],
  async use(client, folder) {
    const repo_path = join(folder, "repository");
    await client.callTool("git_init", { repo_path });
    writeFileSync(join(repo_path, "note.txt"), "packed\n");
    await client.callTool("git_add", { repo_path, files: ["note.txt"] });
    await client.callTool("git_commit", { repo_path, message: "Add a note" });
    const { text } = await client.callTool("git_read_file", { repo_path, path: "note.txt" });
    assert.equal(text, "packed\n");
  },
};
