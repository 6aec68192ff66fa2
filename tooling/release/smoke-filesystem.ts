import { strict as assert } from "node:assert";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Smoke } from "./pack-smoke.js";

const documents = (folder: string) => join(folder, "documents");

/** Reads a file. */
export const filesystem: Smoke = {
  name: "filesystem",
  packages: [],
  prepare(folder) {
    mkdirSync(documents(folder));
    writeFileSync(join(documents(folder), "letter.txt"), "Dear reader\n");
    return [documents(folder)];
  },
  async use(client, folder) {
    const { text } = await client.callTool("read_text_file", { path: join(documents(folder), "letter.txt") });
    assert.match(text, /^Dear reader$/m);
  },
};
